select 1 as one, 'text' as word, null as nothing, true as yes
select * from shop.orders order by id limit 10
select id, customer, total from shop.orders where customer = 'n1' order by placed desc limit 20
select count(*), sum(total), avg(total), min(total), max(total) from shop.orders
select customer, count(*) as n, round(avg(total), 2) as mean from shop.orders group by customer having count(*) > 5 order by n desc, customer limit 10
select distinct customer from shop.orders order by 1
select distinct on (customer) customer, id, total from shop.orders order by customer, total desc
select customer, total, rank() over (partition by customer order by total desc) from shop.orders
select customer, total, row_number() over w, dense_rank() over w, ntile(4) over w, percent_rank() over w, cume_dist() over w from shop.orders window w as (order by total) limit 20
select id, total, lag(total) over (order by id), lead(total, 1, 0) over (order by id), first_value(total) over (order by id), last_value(total) over (order by id), nth_value(total, 2) over (order by id) from shop.orders limit 20
select id, sum(total) over (order by id rows between 6 preceding and current row) as week from shop.orders limit 20
select placed::date as day, sum(sum(total)) over (order by placed::date) as running from shop.orders group by 1 order by 1
select id, avg(total) over (order by placed range between interval '7 days' preceding and current row) from shop.orders limit 5
select id, sum(total) over (order by id groups between 1 preceding and 1 following exclude current row) from shop.orders limit 5
select count(*) filter (where total > 100) as large, count(*) filter (where total <= 100) as small from shop.orders
select percentile_cont(0.5) within group (order by total) as median, percentile_disc(0.9) within group (order by total) as p90, mode() within group (order by customer) from shop.orders
select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by total) from shop.orders
select customer, rank(100) within group (order by total) from shop.orders group by customer limit 5
select stddev(total), variance(total), stddev_pop(total), var_samp(total), corr(id::float8, total::float8), regr_slope(total::float8, id::float8) from shop.orders
select customer, total from shop.orders group by grouping sets ((customer), (total), ()) order by 1, 2 limit 20
select customer, count(*), grouping(customer) from shop.orders group by rollup (customer) order by 1 nulls last limit 20
select customer, placed::date, count(*) from shop.orders group by cube (customer, placed::date) limit 20
select o.id, c.name from shop.orders o join shop.customers c on c.name = o.customer limit 10
select c.name, count(o.id) from shop.customers c left join shop.orders o on o.customer = c.name group by c.name order by 2 desc limit 5
select c.id, c.name from shop.customers c where not exists (select from shop.orders o where o.customer = c.name) limit 5
select id from shop.orders where customer in (select name from shop.customers where id < 10) limit 5
select c.name, last.total from shop.customers c cross join lateral (select total from shop.orders o where o.customer = c.name order by placed desc limit 1) last limit 10
select coalesce(a.customer, b.name) from shop.orders a full join shop.customers b on b.name = a.customer limit 5
select * from shop.orders natural join (values (1::bigint), (2)) v (id)
select o.id from shop.orders o join shop.customers c using (id) limit 5
with big as (select * from shop.orders where total > 300) select customer, count(*) from big group by 1 order by 2 desc limit 5
with a as (select customer, sum(total) t from shop.orders group by 1), b as (select avg(t) m from a) select customer from a, b where t > m order by 1 limit 5
with recursive n (i) as (select 1 union all select i + 1 from n where i < 10) select i from n
with recursive t (id, parent) as (select 1, null::int union all select id + 1, id from t where id < 5) select * from t
with recursive up (n, path) as (select 1, array[1] union all select n + 1, path || (n + 1) from up where n < 6) select n, array_to_string(path, ' > ') from up
with recursive g (a) as (select 1 union select (a * 2) % 7 from g) select a from g
with recursive c as (select 1 as n union all select n + 1 from c where n < 5) select string_agg(n::text, ',' order by n) from c
select id, total from shop.orders union all select id, 0 from shop.customers order by 1 limit 5
select customer from shop.orders intersect select name from shop.customers limit 5
select customer from shop.orders except select name from shop.customers limit 5
select case when total > 500 then 'large' when total > 100 then 'middle' else 'small' end as size, count(*) from shop.orders group by 1
select nullif(customer, 'n1'), greatest(1, 2, 3), least(total, 10), coalesce(null, 'x') from shop.orders limit 3
select date_trunc('month', placed) as month, count(*) from shop.orders group by 1 order by 1
select date_trunc('day', placed, 'Europe/Berlin'), placed at time zone 'America/New_York' from shop.orders limit 1
select to_char(placed, 'YYYY-MM-DD HH24:MI'), to_char(total, 'FM999G990D00'), to_char(interval '3 hours', 'HH24:MI') from shop.orders limit 1
select extract(dow from placed), extract(epoch from placed), date_part('hour', placed) from shop.orders limit 1
select count(*) from shop.orders where placed >= now() - interval '30 days' and placed < current_date + 1
select age(now(), placed), justify_days(now() - placed), now()::date - placed::date from shop.orders limit 1
select d::date, count(o.id) from generate_series(current_date - 6, current_date, interval '1 day') d left join shop.orders o on o.placed::date = d::date group by 1 order by 1
select array_agg(d::date) from generate_series(current_date - 6, current_date, '1 day') d
select json_agg(json_build_object('day', day, 'orders', n)) from (select d::date as day, count(o.id) as n from generate_series(current_date - 6, current_date, '1 day') d left join shop.orders o on o.placed::date = d::date group by 1) x
select json_agg(row_to_json(x)) from (select customer, count(*) n, sum(total) t from shop.orders group by customer) x
select date_bin('15 minutes', placed, timestamptz '2026-01-01'), count(*) from shop.orders group by 1
select make_date(2026, 1, 31) + interval '1 month', make_interval(days => 3), make_timestamp(2026, 1, 1, 0, 0, 0)
select to_timestamp(1767225600), to_date('2026-01-31', 'YYYY-MM-DD'), '2026-01-01'::date, '12:30'::time
select (timestamp '2026-01-01', timestamp '2026-02-01') overlaps (timestamp '2026-01-15', timestamp '2026-03-01')
select lower(customer), upper(customer), initcap(customer), length(customer), reverse(customer), left(customer, 1), right(customer, 2) from shop.orders limit 3
select customer || '-' || id, concat(customer, ' ', total), concat_ws(',', customer, id) from shop.orders limit 3
select trim(both ' ' from '  x '), ltrim('xxa', 'x'), rpad(customer, 8, '.'), lpad(id::text, 6, '0') from shop.orders limit 3
select split_part(email, '@', 2) as domain, count(*) from shop.customers group by 1 order by 2 desc
select substring(email from '@(.*)$'), position('@' in email), strpos(email, '@'), overlay(email placing '*' from 1 for 1) from shop.customers limit 3
select replace(name, 'n', 'N'), translate(name, 'n', 'm'), repeat('*', 3), md5(name), ascii(name), chr(65) from shop.customers limit 3
select name from shop.customers where name like 'n1%' or name ilike '%N2' order by 1
select name from shop.customers where email ~ '^u[0-9]+@' and email !~* 'admin' limit 3
select regexp_replace(email, '@.*$', ''), regexp_match(email, '([a-z]+)(\d+)'), regexp_split_to_array(email, '[@.]') from shop.customers limit 3
select m[1], count(*) from shop.customers, regexp_matches(email, '@(\w+)', 'g') m group by 1
select word, count(*) from regexp_split_to_table('the quick brown the', '\s+') word group by 1 order by 2 desc
select name from shop.customers where name similar to 'n(1|2)%' and id between 1 and 20
select format('%s <%s>', name, email), quote_literal(name), quote_ident(name) from shop.customers limit 3
select string_agg(distinct customer, ', ' order by customer) from shop.orders
select string_to_array('a,b,c', ','), array_to_string(array['a', 'b'], '-'), cardinality(array[1, 2, 3]), array_length(array[1, 2], 1)
select id, tag, n from shop.docs, unnest(tags) with ordinality as t (tag, n) order by id, n limit 10
select id from shop.docs where tags @> array[5] or tags && array[7, 8] or 9 = any (tags)
select tags[1], tags[1:1], array_position(tags, 5), array_remove(tags, 5), tags || 99, array_append(tags, 1) from shop.docs limit 3
select array(select id from shop.orders order by id limit 5), (array[[1, 2], [3, 4]])[2][1]
select customer, array_agg(id order by id) from shop.orders group by customer order by 1 limit 3
select * from unnest(array[1, 2], array['a', 'b']) as t (n, w)
select jsonb_build_object('id', id, 'customer', customer, 'total', total) from shop.orders limit 3
select jsonb_agg(jsonb_build_object('id', id, 'total', total) order by id) from shop.orders where id <= 10
select customer, jsonb_object_agg(id, total) from shop.orders where id < 20 group by 1 order by 1 limit 3
select '{"a": {"b": [1, 2, 3]}}'::jsonb -> 'a' -> 'b' ->> 1, '{"a": 1}'::jsonb #>> '{a}', '{"a": 1}'::jsonb ? 'a', '{"a": 1}'::jsonb @> '{"a": 1}'
select key, value from jsonb_each_text('{"a": 1, "b": "x"}')
select e ->> 'n' from jsonb_array_elements('[{"n": 1}, {"n": 2}]') e
select jsonb_path_query('{"a": [1, 2, 3]}', '$.a[*] ? (@ > 1)'), jsonb_path_exists('{"a": 1}', '$.a'), '{"a": [1, 2]}'::jsonb @? '$.a[*] ? (@ == 2)', '{"a": 1}'::jsonb @@ '$.a == 1'
select jsonb_path_query_array('{"x": {"y": [1, {"z": 2}]}}', '$.**.z'), jsonb_path_query_first('{"a": [1, 2]}', '$.a[0, 1]'), jsonb_path_query('{"d": "2026-01-01"}', '$.d.datetime()'), jsonb_path_query('{"a": [1, 2]}', 'strict $.a[last] * 2 + 1'), jsonb_path_query('["ab"]', '$[*] ? (@ starts with "a" && @ like_regex "^a" flag "i" && exists(@))')
select jsonb_path_query('{"a": {"b": 1}}', '$.a.keyvalue()'), jsonb_path_query('[1.5]', '$[0].floor()'), jsonb_path_query('[1, 2]', '$[*] ? (@ >= $low)', '{"low": 2}'), jsonb_path_query('[1]', '-$[0]')
select jsonb_set('{"a": 1}', '{b}', '2'), '{"a": 1}'::jsonb || '{"b": 2}', '{"a": 1, "b": 2}'::jsonb - 'a', jsonb_strip_nulls('{"a": null}'), jsonb_typeof('1'), jsonb_pretty('{"a": 1}'), jsonb_array_length('[1, 2]')
select x.a, x.b from jsonb_to_recordset('[{"a": 1, "b": "x"}]') as x (a int, b text)
select to_jsonb(o) from shop.orders o limit 2
select to_tsvector('english', 'the quick brown fox') @@ to_tsquery('english', 'quick & fox'), ts_rank(to_tsvector('english', 'quick fox'), plainto_tsquery('english', 'fox'))
select name from shop.customers where to_tsvector('simple', name) @@ websearch_to_tsquery('simple', 'n1 or n2')
select ts_headline('english', 'The quick brown fox jumps', to_tsquery('english', 'fox'))
select round(total, 1), ceil(total), floor(total), trunc(total), abs(-total), mod(id, 7), id % 7, power(2, 10), sqrt(2), ln(10), exp(1), sign(-5) from shop.orders limit 3
select round(100.0 * count(*) filter (where total > 100) / nullif(count(*), 0), 1) as percent from shop.orders
select sqrt(sum(power(total - 10, 2)) / count(*)), exp(avg(ln(total))), power(total, 0.5) from shop.orders group by total limit 2
select width_bucket(total, 0, 750, 10) as bucket, count(*) from shop.orders group by 1 order by 1
select total::int, total::text, '42'::int + 1, cast('1.5' as numeric), 1::boolean, 'x'::varchar(10), 'ab'::char(5), 5::bit(8) from shop.orders limit 2
select int4range(1, 10) @> 5, daterange('2026-01-01', '2026-02-01') && daterange('2026-01-15', null), upper(int4range(1, 10)), range_agg(int4range(1, 5)) from shop.orders limit 1
select inet '10.0.0.1' << inet '10.0.0.0/8', host('10.0.0.1/8'::inet), gen_random_uuid() is not null, encode(sha256('x'), 'hex'), decode('AAAA', 'base64')
select row(1, 'a') = row(1, 'a'), (1, 2) < (1, 3), 1 is distinct from null, null is not distinct from null
select id from shop.orders order by total desc nulls last, id offset 10 limit 5
select id, total from shop.orders order by total desc fetch first 3 rows with ties
select id from shop.orders tablesample system (50) repeatable (1) limit 3
select current_date, current_timestamp, localtime, current_user, current_database(), version() is not null
select bool_and(total > 0), bool_or(total > 700), every(id > 0), bit_or(id::int), count(distinct customer) from shop.orders
select o.* from shop.orders o where (o.customer, o.total) in (select customer, max(total) from shop.orders group by 1) limit 3
select sum(total) / 7.0 * 100 as x, total * 1.19 as gross, total - lag(total, 1, 0::numeric) over (order by id) from shop.orders group by id, total order by id limit 3
select g, g * g, point(1, 2) <-> point(3, 4), box '((0,0),(1,1))' @> point '(0.5,0.5)' from generate_series(1, 5) g
select x from (values (1, 'a'), (2, 'b')) v (x, y) where y = 'b'
table shop.orders limit 3
values (1, 'a'), (2, 'b')
select * from shop.mv order by 1 limit 3
select generate_series(1, 3), unnest(array['a', 'b'])
explain select * from shop.orders where id = 1
EXPLAIN (ANALYZE OFF) select count(*) from shop.orders
explain (analyze false, format json) select customer, count(*) from shop.orders group by 1
explain (verbose, costs off, format yaml) select c.name, o.id from shop.customers c join shop.orders o on o.customer = c.name
show server_version
show timezone
