-- What data/shop.db holds. To make it again: sqlite3 data/shop.db < data/shop.sql
create table safetools_environment (name text not null);
insert into safetools_environment values ('staging');
create table orders (id integer primary key, customer text not null, total real not null, placed text not null);
insert into orders (customer, total, placed) values ('n1', 12.5, '2026-04-23'), ('n1', 8, '2026-04-24'), ('n2', 40, '2026-04-24');
