namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>The bound on SQLite's memory holds for the whole process, so these tests run while no other does.</summary>
[CollectionDefinition(nameof(SqliteGrowthTests), DisableParallelization = true)]
public sealed class SqliteGrowthCollection;

/// <summary>Statements that grow exponentially while the engine compiles them, where it looks at no clock.</summary>
[Collection(nameof(SqliteGrowthTests))]
public sealed class SqliteGrowthTests : IDisposable
{
    private const int Levels = 40;

    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string> Growing =>
    [
        $"{Repeat("select x + x as x from (")}select total as x from orders{Repeat(")")}",
        $"select 1 from ({Repeat("select x + x as x from (")}select total as x from orders{Repeat(")")}) where x > 1",
        $"with c0 as (select 1 as x), {Chain(i => $"c{i} as (select a.x from c{i - 1} a, c{i - 1} b)")} select count(*) from c{Levels}",
        $"with c0 as (select 1 as x), {Chain(i => $"c{i} as (select x from c{i - 1} union all select x from c{i - 1})")} select count(*) from c{Levels}",
        $"with c0 as materialized (select 1 as x), {Chain(i => $"c{i} as materialized (select x from c{i - 1} union all select x from c{i - 1})")} select 1 from c{Levels}",
    ];

    [Theory]
    [MemberData(nameof(Growing))]
    public async Task Execute_StatementThatGrowsWhileItIsCompiled_EndsAtTheMemoryLimit(string sql)
    {
        var before = _sandbox.Everything();
        (await _sandbox.Refusal(sql, Limits.Default with { Time = TimeSpan.FromSeconds(60) })).Code.Should().Be(RefusalCatalog.StatementTooCostly);
        (await _sandbox.Rows("select 1")).Should().Be("[[1]]", "the engine serves on");
        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public async Task Execute_SortOverLargeExpressions_EndsAtTheMemoryLimitAndWritesNoFile()
    {
        // On Linux a temporary file has no name, only a handle.
        using var seen = new CancellationTokenSource();
        var files = 0;
        var watching = Task.Run(() =>
        {
            while (!seen.IsCancellationRequested)
                files = Math.Max(files, TemporaryFiles());
        });
        var code = (await _sandbox.Refusal(LargeSort, Limits.Default with { Time = TimeSpan.FromSeconds(60) })).Code;
        await seen.CancelAsync();
        await watching;
        code.Should().Be(RefusalCatalog.StatementTooCostly);
        files.Should().Be(0);
        (await _sandbox.Rows("select 1")).Should().Be("[[1]]", "the engine serves on");
    }

    private const string LargeSort =
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 2000) select count(*) from (select i, hex(zeroblob(250000)) as x from n order by x, i desc limit -1 offset 1)";

    private static int TemporaryFiles() => !OperatingSystem.IsLinux() ? 0 : Directory.EnumerateFiles("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.Contains("etilqs_", StringComparison.Ordinal) == true);

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, Levels));

    private static string Chain(Func<int, string> link) => string.Join(", ", Enumerable.Range(1, Levels).Select(link));
}
