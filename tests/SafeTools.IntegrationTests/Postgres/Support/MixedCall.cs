using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>A call as many clients make them, and what must come of it while the server is there.</summary>
/// <param name="Code">The refusal's; null where it must be answered.</param>
/// <param name="First">The answer's first value as JSON; null where that does not matter.</param>
internal sealed record MixedCall(string Tool, JsonObject Arguments, string? Code, string? First = null)
{
    /// <summary>The outside refuses such an argument before anybody looks at it, so no record repeats it.</summary>
    public const string OutOfBounds = "ST1102";

    private const string Series = "select m.id, repeat('x', 1000) as padding from shop.many m";

    private static readonly string Long = new('x', 17 * 1024);

    /// <summary>The mix, over and over: statements for the most part, then queries and descriptions; some are refused, some are large.</summary>
    public static MixedCall Of(int number) => (number % 20) switch
    {
        0 => Query("select count(*) from shop.orders", first: "1000"),
        1 => Query($"select total from shop.orders where id = {Id(number)}", first: $"\"{Id(number)}\""),
        2 => Query($"with o as (select * from shop.orders where id <= {Id(number)}) select count(*) from o", first: Id(number)),
        3 => Query("explain select * from shop.orders where customer = 'n7'"),
        4 => Query($"delete from shop.orders where id = {Id(number)}", "ST1602"),
        5 => Query($"select pg_sleep(10), {Id(number)}", "ST1605"),
        6 => Query($"select {Id(number)}; drop table shop.orders", "ST1601"),
        7 => Query($"select no_such_column, {Id(number)} from shop.orders", "ST1603"),
        8 => number % 40 == 8 ? Query(Series) : Query("select repeat('y', 90000) as note"),
        9 => number % 40 == 9 ? Query("select array_agg(a.id) from shop.many a, shop.many b", "ST1604") : Query($"select '{Long}'", OutOfBounds),
        10 => new MixedCall(ShopPolicy.Order, new JsonObject { ["id"] = -number }, OutOfBounds),
        11 => new MixedCall(ShopPolicy.Describe, [], null),
        12 => number % 40 == 12 ? Relation("orders", null) : Relation("nowhere", "ST1501"),
        _ => new MixedCall(ShopPolicy.Order, new JsonObject { ["id"] = int.Parse(Id(number), CultureInfo.InvariantCulture) }, null, Id(number)),
    };

    /// <summary>What the audit holds of it where it came back with a code, or without one.</summary>
    public string Trace(string? code) => $"{Tool} {code} {(code == OutOfBounds ? "" : CanonicalJson.Text(Arguments))}";

    /// <summary>What is wrong with the reply; null where it is what it must be.</summary>
    public string? Fault(Reply reply) =>
        reply.Code != Code || reply.IsExecuted != Code is null ? $"{Trace(Code)} expected, came: {reply}"
        : First is not null && reply.First != First ? $"{First} expected of {Trace(Code)}, came: {reply}"
        : null;

    private static MixedCall Query(string sql, string? code = null, string? first = null) => new(ShopPolicy.Query, new JsonObject { ["sql"] = sql }, code, first);

    private static MixedCall Relation(string name, string? code) => new(ShopPolicy.Describe, new JsonObject { ["schema"] = "shop", ["relation"] = name }, code);

    private static string Id(int number) => ((number * 7 % 1000) + 1).ToString(CultureInfo.InvariantCulture);
}
