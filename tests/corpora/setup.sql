-- The database that the corpus attacks: a shop, run carelessly on purpose. psql runs it as the superuser inside an empty database.
-- The statements name these roles, objects, passwords and ports; the runner's clusters listen on 46440 (primary) and 46441 (standby).

-- Roles. c_super, c_owner and c_ro are the credentials under test; c_rw is what careless functions and mappings connect with.
create role repl login replication password 'pw';
create role c_super login superuser password 'pw';
create role c_owner login password 'pw';
create role c_ro login password 'pw';
create role c_rw login password 'pw';
alter role c_super set search_path = shop, public;
alter role c_owner set search_path = shop, public;
alter role c_ro set search_path = shop, public;
alter role c_super set statement_timeout = '1500ms';
alter role c_owner set statement_timeout = '1500ms';
alter role c_ro set statement_timeout = '1500ms';

revoke create on schema public from public;
create extension adminpack;
create extension dblink;
create extension file_fdw;
create extension hstore;
create extension lo;
create extension pg_prewarm;
create extension pg_stat_statements;
create extension postgres_fdw;
create extension tablefunc;
create extension xml2;

-- The shop's own data. Columns and rows that the select-only role must not see hold words that the runner looks for in answers.
create schema shop authorization c_owner;
set role c_owner;

create table shop.orders (
  id bigserial primary key,
  customer text,
  total numeric,
  placed timestamptz default '2026-01-01'
);
insert into shop.orders (customer, total)
  select 'n' || (n % 50), n * 1.5 from generate_series(1, 500) n;
create index orders_brin on shop.orders using brin (total) with (pages_per_range = 1, autosummarize = off);
comment on table shop.orders is 'legacy import user: imp / COMMENT-PASSWORD-1';

create table shop.customers (id serial primary key, name text, email text, card text);
insert into shop.customers (name, email, card)
  select 'n' || n, 'u' || n || '@x.test', '4111-CARD-' || n from generate_series(1, 50) n;

create table shop.docs (id int, tags int[]);
create index docs_gin on shop.docs using gin (tags) with (fastupdate = on);
insert into shop.docs select n, array[n, n + 1] from generate_series(1, 300) n;

create table shop.tenants (tenant text, secret text);
insert into shop.tenants values ('a', '1'), ('b', 'TENANT-B-SECRET');
analyze shop.tenants;

create table shop.audit (at timestamptz default now(), msg text);

create materialized view shop.mv as select customer, sum(total) from shop.orders group by 1;

-- A view as a row filter: its slow condition runs after whatever the reader adds.
create function shop.slow_eq(a text, b text) returns boolean language plpgsql stable cost 10000 as
  $$begin return a = b; end$$;
create view shop.v_tenant_a as select * from shop.tenants where shop.slow_eq(tenant, 'a');

-- Functions and procedures that write; everybody may execute them, which is PostgreSQL's default.
create function shop.f_delete() returns int language plpgsql as
  $$begin delete from shop.orders; return 1; end$$;
create function shop.f_secdef_delete() returns int language plpgsql security definer set search_path = shop, pg_temp as
  $$begin delete from shop.orders; return 1; end$$;
create procedure shop.p_purge() language plpgsql security definer as
  $$begin delete from shop.orders; end$$;
create procedure shop.p_commit() language plpgsql as
  $$begin commit; delete from shop.orders; end$$;
create procedure shop.p_reset_purge() language plpgsql as
  $$begin reset transaction_read_only; delete from shop.orders; end$$;

grant usage on schema shop to c_rw;
grant select, insert, update, delete on all tables in schema shop to c_rw;
grant usage on all sequences in schema shop to c_rw;

-- An "autonomous transaction": it writes through a connection of its own, whatever the caller's transaction may, and shows its password to every role.
create function shop.f_audit(m text) returns int language plpgsql security definer set search_path = shop, public, pg_temp as
  $$begin perform public.dblink_exec('host=127.0.0.1 port=46440 dbname=corp user=c_rw password=pw', format('INSERT INTO shop.audit(msg) VALUES (%L)', m)); return 1; end$$;

-- The same behind everything in SQL that calls a function without looking like it.
create function shop.side(o shop.orders) returns int language sql as $$select shop.f_audit('attribute-notation')$$;
create view shop.v_side as select id, shop.f_audit('view') as x from (select id from shop.orders limit 1) q;
create function shop.op_side(int, int) returns boolean language sql as $$select shop.f_audit('operator') = 1$$;
create operator shop.=== (leftarg = int, rightarg = int, function = shop.op_side);
create function shop.agg_s(int, int) returns int language sql as $$select shop.f_audit('aggregate')$$;
create aggregate shop.agg_side(int) (sfunc = shop.agg_s, stype = int, initcond = '0');
create function shop.chk(text) returns boolean language sql as $$select shop.f_audit('domain') = 1$$;
create domain shop.dom as text check (shop.chk(value));
create type shop.ct as (a int);
create function shop.cast_side(int) returns shop.ct language sql as $$select row(shop.f_audit('cast'))::shop.ct$$;
create cast (int as shop.ct) with function shop.cast_side(int);

reset role;

-- A superuser's helpers, executable by everybody, and roads to other servers and to files.
create function shop.f_super_read(p text) returns text language sql security definer as $$select pg_read_file(p)$$;
create function shop.f_super_sql(q text) returns text language plpgsql security definer as
  $$declare r text; begin execute q into r; return r; end$$;
create server lb foreign data wrapper postgres_fdw options (host '127.0.0.1', port '46440', dbname 'corp');
create user mapping for public server lb options (user 'c_rw', password 'pw');
create foreign table shop.ft_side (id bigint, x int) server lb options (schema_name 'shop', table_name 'v_side2');
create foreign table shop.ft_orders (id bigint, customer text, total numeric) server lb options (schema_name 'shop', table_name 'orders');
create function shop.f_plain_ins() returns int language plpgsql volatile as
  $$begin insert into shop.audit(msg) values ('fdw'); return 1; end$$;
create view shop.v_side2 as select id, shop.f_plain_ins() as x from (select id from shop.orders limit 1) q;
grant select on shop.v_side2 to c_rw;
create server files foreign data wrapper file_fdw;
create foreign table shop.ft_passwd (line text) server files options (filename '/etc/passwd');
select lo_from_bytea(4242, 'LARGE-OBJECT-SECRET');
alter large object 4242 owner to c_owner;
create publication pub for table shop.orders;
create subscription sub connection 'host=127.0.0.1 port=5998 user=x password=SUBSCRIPTION-PASSWORD' publication pub
  with (connect = false, slot_name = none, enabled = false);

-- The select-only role: some tables whole, of customers all but the card, no temporary tables.
grant usage on schema shop to c_ro;
grant select on shop.orders, shop.docs, shop.mv, shop.v_tenant_a, shop.v_side, shop.ft_side, shop.ft_orders to c_ro;
grant select (id, name, email) on shop.customers to c_ro;
select format('revoke temp on database %I from public', current_database()) \gexec
select format('grant temp on database %I to c_owner', current_database()) \gexec

analyze;
