using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Reads;

/// <summary>Layer c on a real server, as superuser, where no privilege helps: whatever runs somebody's code, writes, locks or reaches elsewhere refuses.</summary>
[Collection(CarelessGround.Name)]
public sealed class ParseGateTests(CarelessGround ground)
{
    [Theory]
    [InlineData("select shop.leave_trace()")]
    [InlineData("select shop.harmless(1)")]
    [InlineData("select * from shop.leave_trace()")]
    [InlineData("select * from shop.sly")]
    [InlineData("table shop.sly")]
    [InlineData("select o.side from shop.orders o")]
    [InlineData("select (o).side from shop.orders o")]
    [InlineData("select 1 operator(shop.===) 2")]
    [InlineData("select shop.traced(1)")]
    [InlineData("select shop.traced(id::int) over () from shop.orders")]
    [InlineData("select 1::shop.pair")]
    [InlineData("select cast(id::int as shop.pair) from shop.orders")]
    [InlineData("select 'x'::shop.dom")]
    [InlineData("select '{x}'::shop.dom[]")]
    [InlineData("select '{x}'::shop._dom")]
    [InlineData("select '{x}'::\"shop\".\"_dom\"")]
    [InlineData("select '(x)'::shop.holder")]
    [InlineData("select shop.takes('x')")]
    [InlineData("select * from shop.held where d = 'x'")]
    [InlineData("with h(a, b) as (select * from shop.held) select coalesce(b, 'x') from h")]
    [InlineData("select json_populate_record(null::shop.holder, '{\"d\":\"x\"}')")]
    [InlineData("select * from json_to_record('{\"d\":\"x\"}') as t(d shop.dom)")]
    [InlineData("select to_json(d) from shop.docs")]
    [InlineData("select row_to_json(x) from shop.docs x")]
    [InlineData("select json_agg(x) from shop.docs x")]
    [InlineData("select id from shop.orders order by shop.leave_trace()")]
    [InlineData("select id from shop.orders group by id having shop.leave_trace() = 1")]
    [InlineData("select id from shop.orders limit shop.leave_trace()")]
    [InlineData("select id from shop.orders where exists (select shop.leave_trace())")]
    [InlineData("select case when true then shop.leave_trace() end")]
    [InlineData("values (shop.leave_trace())")]
    [InlineData("select array[shop.leave_trace()]")]
    [InlineData("select count(*) filter (where shop.leave_trace() = 1) from shop.orders")]
    [InlineData("select sum(id) over (order by shop.leave_trace()) from shop.orders")]
    [InlineData("select * from shop.orders tablesample system (shop.leave_trace())")]
    [InlineData("select * from shop.orders o join lateral (select shop.leave_trace()) x on true")]
    [InlineData("with recursive r as (select 1 a union all select shop.leave_trace() from r) select * from r")]
    [InlineData("with x as materialized (select shop.leave_trace() a) select * from x")]
    [InlineData("select set_config('transaction_read_only', null, true)")]
    [InlineData("select pg_sleep(10)")]
    [InlineData("select pg_catalog.\"pg_sleep\"(10)")]
    [InlineData("select pg_advisory_lock(1)")]
    [InlineData("select nextval('shop.orders_id_seq')")]
    [InlineData("select pg_notify('a', 'b')")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("select pg_terminate_backend(1)")]
    [InlineData("select lo_create(1)")]
    [InlineData("select query_to_xml('select 1', true, true, '')")]
    [InlineData("select * from ts_stat('select 1')")]
    [InlineData("select ts_rewrite('a'::tsquery, 'select 1')")]
    [InlineData("select * from crosstab('select 1') as t(a text)")]
    [InlineData("select array_in('{x}', 'shop.dom'::regtype, -1)")]
    [InlineData("select domain_in('x', 1, -1)")]
    [InlineData("select xmlparse(document '<a/>')")]
    [InlineData("select * from xmltable('/a' passing '<a/>' columns b text path 'b')")]
    [InlineData("select * from shop.far")]
    [InlineData("select * from shop.split")]
    [InlineData("select * from shop.activity")]
    [InlineData("select * from pg_catalog.pg_proc")]
    [InlineData("select * from pg_stat_activity")]
    [InlineData("select * from information_schema.tables")]
    [InlineData("select relname from pg_class")]
    [InlineData("select p from pg_proc p")]
    [InlineData("select 'shop'::regnamespace")]
    [InlineData("select current_setting('data_directory')")]
    [InlineData("select obj_description(1, 'pg_class')")]
    public async Task Ask_WhatIsNotOnTheAllowList_RefusesAndRunsNothing(string sql)
    {
        var before = await ground.Traces();
        (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.NotOnTheAllowList);
        (await ground.Traces()).Should().Be(before, "nobody's code was run, not even while it was analysed");
    }

    [Theory]
    [InlineData("with d as (delete from shop.orders returning *) select * from d")]
    [InlineData("with d as (update shop.orders set total = 0 returning 1) select 1")]
    [InlineData("with d as (insert into shop.orders (customer) values ('x') returning 1) table d")]
    [InlineData("select * into shop.copy from shop.orders")]
    [InlineData("select * from shop.orders for update")]
    [InlineData("select * from shop.orders for key share skip locked")]
    [InlineData("select * from (select * from shop.orders for share) q")]
    [InlineData("explain analyze select 1")]
    [InlineData("explain (analyze, costs off) select shop.leave_trace()")]
    [InlineData("show all")]
    public async Task Ask_WhatWritesOrLocks_IsNoRead(string sql) => (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.NotARead);

    [Theory]
    [InlineData("select card from shop.people")]
    [InlineData("select * from shop.people")]
    [InlineData("select p from shop.people p")]
    [InlineData("select p.*::text from shop.people p")]
    [InlineData("select count(*) from shop.people where card like 'C%'")]
    [InlineData("select 1 from shop.people order by card")]
    [InlineData("select max(card) from shop.people")]
    [InlineData("select row_to_json(p) from shop.people p")]
    [InlineData("select card from shop.all_people")]
    [InlineData("select id from shop.all_people")]
    [InlineData("select a.id from shop.people a natural join shop.people b")]
    [InlineData("select card from shop.parted_a")]
    [InlineData("select card from shop.parted")]
    [InlineData("explain select card from shop.people")]
    public async Task Ask_ForAMaskedColumn_IsNotReadable(string sql)
    {
        var refusal = await ground.Served.Refused(sql);
        refusal.Code.Should().Be(RefusalCatalog.NotReadable);
        refusal.Message.Should().NotContain("CARD");
    }

    [Theory]
    [InlineData("select repeat('x', 1000000000)")]
    [InlineData("select repeat('x', id::int) from shop.orders")]
    [InlineData("select repeat(repeat(repeat('x', 10000), 10000), 10000)")]
    [InlineData("select lpad('x', 1000000000, 'y')")]
    [InlineData("select format('%1000000000s', 'x')")]
    [InlineData("select format('%*s', 1000000000, 'x')")]
    [InlineData("select jsonb_agg(g) from generate_series(1, 3000000) g")]
    [InlineData("select string_agg('x', '') from generate_series(1, 30000000) g")]
    [InlineData("select array(select generate_series(1, 3000000))")]
    [InlineData("with recursive r(a) as (select 'x'::text union all select a || a from r) select length(a) from r")]
    [InlineData("with recursive r(a, b) as (select 'x'::text, 'y'::text union all select b, a || b from r) select length(a) from r")]
    [InlineData("with recursive r(a) as (select 'x'::text union all select x from (select replace(r.a, 'x', r.a) x from r) q) select length(a) from r")]
    [InlineData("select length(replace(v, 'x', v)) from (select repeat('x', 10000) v) q")]
    [InlineData("with a as not materialized (select 1) select * from a")]
    [InlineData("select string_agg(repeat('x', 10000), '') from generate_series(1, 10000)")]
    [InlineData("select jsonb_object_agg(g, repeat('x', 10000)) from generate_series(1, 100000) g")]
    [InlineData("select array_agg(array[g,g,g,g,g,g,g,g,g,g,g,g,g,g,g,g]) from generate_series(1, 499999) g")]
    [InlineData("select json_agg(repeat('x', 1000)) from generate_series(1, (select 100000)) g")]
    [InlineData("select 1::bit(80000000)")]
    [InlineData("select length('x'::char(10000000))")]
    [InlineData("select polygon(1000000, circle '((0,0),1)')")]
    [InlineData("select length(ts_headline('english', repeat('word ', 20000), to_tsquery('word <-> word <-> word')))")]
    public async Task Ask_WhatMakesLargeValuesOutOfNothing_IsTooCostly(string sql) => (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    /// <summary>The server does not look for a cancel before one expression is done.</summary>
    [Theory]
    [InlineData("select array_agg(g) <@ array_agg(g) from generate_series(1, 100000) g")]
    [InlineData("select array_agg(g) && array_agg(-g) from generate_series(1, 100000) g")]
    [InlineData("select jsonb_agg(g) @> jsonb_agg(g) from generate_series(1, 100000) g")]
    [InlineData("with a as (select array_agg(g) v from generate_series(1, 100000) g) select x.v @> y.v from a x, a y")]
    [InlineData("select position('b' || string_agg('a', '') in string_agg('a', '') || 'c') from generate_series(1, 300000)")]
    [InlineData("with s(f) as (select factorial(20000)) select f*f, f*f, f*f, f*f, f*f, f*f, f*f, f*f from s")]
    [InlineData("select ('((' || string_agg('1,2', '),(') || '))')::polygon <-> ('((' || string_agg('1,2', '),(') || '))')::polygon from generate_series(1, 50000)")]
    public async Task Ask_WhatComputesForLongWithoutListening_IsTooCostly(string sql) => (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    /// <summary>Whatever a path finds is kept in memory.</summary>
    [Theory]
    [InlineData("select count(*) from jsonb_path_query((repeat('[', 300) || repeat(']', 300))::jsonb, '$.**.**.**.**')")]
    [InlineData("select '[[1]]'::jsonb @? '$.** ? (exists(@.**))'")]
    [InlineData("select '[[1]]'::jsonb @@ '$.**.** == 2'")]
    [InlineData("select jsonb_path_query('1', '$[0,0][0,0][0,0][0,0][0,0][0,0]')")]
    [InlineData("select jsonb_path_query('{\"a\":1}', '$.keyvalue().keyvalue().keyvalue()')")]
    [InlineData("select jsonb_path_query('[1]', E'$.\\x2a\\x2a.**')")]
    [InlineData("select jsonb_path_query('[1]', ('$.*' || '*.**')::jsonpath)")]
    [InlineData("select jsonb_path_query('[1]', (array['$.**.**'::jsonpath])[1])")]
    [InlineData("select jsonb_path_query('[1]', ('{$.**.**}'::jsonpath[])[1])")]
    [InlineData("select jsonb_path_query('[1]', p) from (values ('$.**.**'::jsonpath)) v(p)")]
    public async Task Ask_JsonPathThatMultiplies_IsTooCostly(string sql) => (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    /// <summary>The planner puts a subquery's expression in the place of each use of its column.</summary>
    [Theory]
    [InlineData("select a+a as a from (", ") q")]
    [InlineData("select least(a, a) as a from (", ") q")]
    [InlineData("select (select a) + (select a) as a from (", ") q")]
    public async Task Ask_SubqueriesWhoseColumnsMultiply_IsTooCostly(string before, string after)
    {
        var sql = string.Concat(Enumerable.Repeat(before, 20)) + "select id::int as a from shop.orders" + string.Concat(Enumerable.Repeat(after, 20));
        (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    [Fact]
    public async Task Ask_CommonTablesWhoseColumnsMultiply_IsTooCostly()
    {
        var steps = string.Concat(Enumerable.Range(1, 40).Select(step => $", s{step}(v) as (select v + v from s{step - 1})"));
        (await ground.Served.Refused($"with s0(v) as (select id from shop.orders){steps} select v from s40")).Code.Should().Be(RefusalCatalog.StatementTooCostly);
        var laterals = string.Concat(Enumerable.Range(1, 40).Select(step => $", lateral (values (v{step - 1} + v{step - 1})) t{step}(v{step})"));
        (await ground.Served.Refused($"select v40 from (values (1)) t0(v0){laterals}")).Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    [Fact]
    public async Task Ask_LongChainOfOperators_IsTooCostly() =>
        (await ground.Served.Refused($"select {string.Join('-', Enumerable.Repeat("1", 2000))}")).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    [Theory]
    [InlineData("with recursive r(n) as (select 1 union select n + 1 from r) select count(*) from r")]
    [InlineData("with recursive r(n) as (select 1 union all select n + 1 from r) select jsonb_agg(n) from r")]
    public async Task Ask_RecursionKeptInMemory_EndsSoon(string sql)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        (await ground.Served.Refused(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);
        System.Diagnostics.Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task Ask_DoublingOverManySteps_IsTooCostly()
    {
        var steps = string.Concat(Enumerable.Range(1, 30).Select(step => $", s{step}(v) as (select v || v from s{step - 1})"));
        (await ground.Served.Refused($"with s0(v) as (select 'xxxxxxxx'::text){steps} select length(v) from s30")).Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    [Theory]
    [InlineData("select id, total from shop.orders where placed < now() order by id limit 5 -- trailing; comment")]
    [InlineData("select 'delete from shop.orders; drop table x' as note")]
    [InlineData("select id as \"update\" from shop.orders limit 1")]
    [InlineData("select o.*, c.n from shop.orders o cross join lateral (select count(*) n from shop.orders i where i.customer = o.customer) c")]
    [InlineData("select customer, sum(total) filter (where total > 1), rank() over (order by sum(total) desc) from shop.orders group by rollup (customer)")]
    [InlineData("with recursive t(id, path) as (select 1::bigint, array[1::bigint] union all select id + 1, path || (id + 1) from t where id < 5) select * from t")]
    [InlineData("with recursive t(n, s) as (select 1, 'a'::text union all select n + 1, s || '/' || n from t where n < 5) search depth first by n set o cycle n set c using p select * from t")]
    [InlineData("select id from shop.people where mood = 'calm' and name = 'ann'")]
    [InlineData("select * from shop.masked_people")]
    [InlineData("select * from shop.totals")]
    [InlineData("select id, region from shop.parted")]
    [InlineData("select row(1, 'a')::shop.pair")]
    [InlineData("select 'a=>1'::hstore -> 'a'")]
    [InlineData("select '{\"a\":1}'::jsonb -> 'a' ? 'b'")]
    [InlineData("select * from jsonb_to_recordset('[{\"a\":1}]') as t(a int)")]
    [InlineData("select * from unnest(array[1, 2], array['a', 'b']) with ordinality u(a, b, n)")]
    [InlineData("select to_char(placed, 'YYYY'), extract(year from placed), placed at time zone 'Europe/Berlin' from shop.orders limit 1")]
    [InlineData("select string_agg(customer, ',' order by id), jsonb_agg(customer), array_agg(distinct total) from shop.orders")]
    [InlineData("select lpad(id::text, 8, '0'), repeat('-', 10), format('%s: %I', customer, 'x') from shop.orders limit 1")]
    [InlineData("select replace(replace(customer, '&', '&amp;'), '<', '&lt;') || ' ' || total from shop.orders limit 1")]
    [InlineData("select * from shop.orders tablesample bernoulli (50)")]
    [InlineData("select to_tsvector('english', customer) @@ plainto_tsquery('n1') from shop.orders")]
    [InlineData("select tableoid::regclass from shop.orders limit 1")]
    [InlineData("select generate_series(1, 3)")]
    [InlineData("(select 1) union all (select 2) except select 3")]
    [InlineData("values (1), (2)")]
    [InlineData("table shop.orders limit 1")]
    [InlineData("show server_version")]
    [InlineData("explain (format json, costs off) select * from shop.orders where id = 1")]
    [InlineData("select tenant, note from shop.guarded")]
    public async Task Ask_WhatReads_IsAnswered(string sql)
    {
        var before = await ground.Traces();
        (await ground.Served.Ask(sql)).Should().BeOfType<Execution.Done>(sql);
        (await ground.Traces()).Should().Be(before);
    }

    [Fact]
    public async Task Ask_NameFullOfWhatTheServerEscapes_RefusesOrAnswersButNeverMisreads()
    {
        foreach (var name in new[] { new string('(', 62), "a" + new string('(', 38) + "}", new string('\\', 60), "x :expr {FUNCEXPR", "<>", ":resno 2 }", new string('ä', 31), "a b\tc\nd" })
        {
            var execution = await ground.Served.Ask($"select 1 as \"{name}\", shop.leave_trace()");
            execution.Should().BeOfType<Execution.Failed>(name);
        }

        (await ground.Served.Ask("select 1 as \"a b\tc\nd :expr {X\"")).Should().BeOfType<Execution.Done>();
    }

    [Fact]
    public async Task Ask_AfterTheViewWasChanged_IsJudgedAnew()
    {
        await ground.Cluster.Run("create or replace view shop.turning as select id, 1 as x from shop.orders", "careless");
        (await ground.Served.Ask("select * from shop.turning")).Should().BeOfType<Execution.Done>();
        await ground.Cluster.Run("create or replace view shop.turning as select id, shop.leave_trace() as x from shop.orders", "careless");
        (await ground.Served.Refused("select * from shop.turning")).Code.Should().Be(RefusalCatalog.NotOnTheAllowList);
        await ground.Cluster.Run("drop view shop.turning", "careless");
    }

    [Fact]
    public async Task Ask_AfterADomainGotACheck_IsJudgedAnew()
    {
        await ground.Cluster.Run("create domain shop.late as text", "careless");
        (await ground.Served.Ask("select 'x'::shop.late")).Should().BeOfType<Execution.Done>();
        await ground.Cluster.Run("alter domain shop.late add check (shop.is_traced(value))", "careless");
        var before = await ground.Traces();
        (await ground.Served.Refused("select '{x}'::shop.late[]")).Code.Should().Be(RefusalCatalog.NotOnTheAllowList);
        (await ground.Traces()).Should().Be(before);
        await ground.Cluster.Run("drop domain shop.late", "careless");
    }
}
