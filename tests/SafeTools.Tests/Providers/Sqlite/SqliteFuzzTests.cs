using FsCheck;
using FsCheck.Fluent;

namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteFuzzTests : IDisposable
{
    private static readonly string[] Fragments =
    [
        "select", "delete from", "insert into", "update", "with a as (", ")", "(", ";", ",", "*", "customers", "orders", "set name = 'x'", "values (9, 'x')",
        "returning *", "from", "where", "1", "'", "\"", "`", "[", "]", "--", "\n", "/*", "*/", "pragma", "writable_schema = 1", "begin", "commit", "attach", "'x.db'",
        "as", "o", "vacuum", "into", "explain", "query plan", "create temp table t (a)", "drop table", "load_extension('x')", "sqlite_schema", "union all", "$1", ":sql", "?",
        "\uFEFF", "\0", "\uD800", "x'41'", "replace", "limit 1", "order by 1", "name", "id", "main.", "temp.", "docs", "match 'fox'", "count(*)", "recursive", "values (1)",
    ];

    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Execute_AnySqlOfFragments_NeverChangesTheFolder()
    {
        var before = _sandbox.Everything();
        var answered = 0;
        var statements = Gen.Elements(Fragments).ArrayOf().Select(parts => string.Join(' ', parts))
            .Or(Gen.Elements(Fragments).ArrayOf().Select(parts => "select 1 " + string.Join(' ', parts)));
        Prop.ForAll(Arb.From(statements), sql =>
        {
            var execution = _sandbox.Ask(sql, new Limits(10, 10_000, TimeSpan.FromSeconds(2))).GetAwaiter().GetResult();
            answered += execution is Execution.Done ? 1 : 0;
            return _sandbox.Everything() == before && execution is not Execution.Unknown;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithStartSize(1).WithEndSize(14));
        answered.Should().BeGreaterThan(10, "some of them are reads");
    }
}
