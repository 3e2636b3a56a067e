using System.Collections.Frozen;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sql;

public sealed class TreeEstimateTests
{
    private static readonly FrozenDictionary<string, RelationSpread> Spreads = new Dictionary<string, RelationSpread>
    {
        ["orders"] = new(20, 0),
        ["customers"] = new(30, 0),
        ["items"] = new(15, 0),
        ["wide"] = new(1600, 0),
        ["report"] = new(40, 150_000),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static TheoryData<string> Everyday() =>
    [
        "select * from orders o join customers c on c.id = o.customer join items i on i.\"order\" = o.id where o.id in (1, 2, 3)",
        "select * from wide",
        "select a.c1, b.c2 from wide a join wide b on a.c1 = b.c1 join orders o on o.id = a.c1",
        "with a as (select * from orders), b as (select customer, count(*) from a group by 1), c as (select * from b join customers using (id)) select * from c union all select * from c",
        "select c.name, (select count(*) from orders o where o.customer = c.id), (select max(total) from orders o where o.customer = c.id) from customers c",
        "select * from report r join customers c on c.id = r.customer",
        "select coalesce(a, b, c), sum(x * y * z) over (partition by k, l order by m) from orders " + Repeat(12, "left join items i# on i#.id = orders.id"),
    ];

    public static TheoryData<string> Swollen() =>
    [
        "select 1 from orders a " + Repeat(200, "join orders o# on true"),
        "with recursive w (a, b) as materialized (select * from wide) select 1 from w " + Repeat(19, "join w w# on true"),
        "with w as (select " + string.Join(", ", Enumerable.Range(0, 200).Select(column => $"1 as c{column}")) + ") select 1 from w " + Repeat(100, "join w w# on true"),
        Repeat(40, "select * from (") + "select * from wide" + Repeat(40, ") a#"),
        Repeat(20, "select * from \"WIDE\" union all") + " table wide",
        "select " + Repeat(60, "(select wide from wide), w.*, ") + " 1 from wide w",
        "select 1 from report " + Repeat(60, ", report r#"),
    ];

    [Theory]
    [MemberData(nameof(Everyday))]
    public void Judge_EverydayStatement_IsSmallEnough(string sql) => TreeEstimate.Judge(sql, Spreads).Should().BeNull();

    [Theory]
    [MemberData(nameof(Swollen))]
    public void Judge_StatementThatSwells_Refuses(string sql)
    {
        sql.Length.Should().BeLessThan(PostgresOperations.LongestStatement);
        TreeEstimate.Judge(sql, Spreads)!.Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    private static string Repeat(int times, string text) => string.Concat(Enumerable.Range(1, times).Select(number => text.Replace("#", $"{number}", StringComparison.Ordinal) + " "));
}
