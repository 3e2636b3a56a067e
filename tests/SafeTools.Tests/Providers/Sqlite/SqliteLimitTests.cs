using System.Diagnostics;
using System.Text;
using SafeTools.Providers;
using SafeTools.Providers.Sqlite;
using SQLitePCL;

namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteLimitTests : IDisposable
{
    private const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
    private const string ManyRows = "with recursive n(i) as (select 1 union all select i + 1 from n limit 1000) select i, 'grün' as t from n";

    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(999, 999, true)]
    [InlineData(1000, 1000, false)]
    [InlineData(1001, 1000, false)]
    [InlineData(1, 1, true)]
    public async Task Execute_RowLimit_StopsAndSaysSo(int limit, int rows, bool truncated)
    {
        var data = SqliteSandbox.Data(await _sandbox.Ask(ManyRows, Limits.Default with { Rows = limit }));
        data["rows"]!.AsArray().Should().HaveCount(rows);
        data["row_count"]!.GetValue<int>().Should().Be(rows);
        data["truncated"]!.GetValue<bool>().Should().Be(truncated);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1234)]
    [InlineData(10_000)]
    public async Task Execute_ByteLimit_BoundsTheWholeAnswer(int bytes)
    {
        var data = SqliteSandbox.Data(await _sandbox.Ask(ManyRows, Limits.Default with { Bytes = bytes }));
        Encoding.UTF8.GetByteCount(data.ToJsonString()).Should().BeInRange(bytes - 60, bytes);
        data["truncated"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Execute_ValueLargerThanTheByteLimit_LeavesTheRowOut()
    {
        var data = SqliteSandbox.Data(await _sandbox.Ask("select zeroblob(5000)", Limits.Default with { Bytes = 1000 }));
        data["rows"]!.AsArray().Should().BeEmpty();
        data["truncated"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Execute_ColumnNamesLargerThanTheByteLimit_Refuses() =>
        (await _sandbox.Refusal($"select 1 as {new string('a', 500)}", Limits.Default with { Bytes = 200 })).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    [Theory]
    [InlineData("select hex(zeroblob(1000000))")]
    [InlineData("select replace(hex(zeroblob(40000)), '0', 'x')")]
    public async Task Execute_ValueTooLong_IsTooCostly(string sql) =>
        (await _sandbox.Refusal(sql)).Code.Should().Be(RefusalCatalog.StatementTooCostly);

    [Fact]
    public async Task Execute_Endless_StopsAtTheTimeLimit()
    {
        var watch = Stopwatch.StartNew();
        var refusal = await _sandbox.Refusal(Endless, Limits.Default with { Time = TimeSpan.FromMilliseconds(300) });
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        refusal.Code.Should().Be(RefusalCatalog.TimedOut);
        refusal.Message.Should().Contain("0.3 s");
    }

    [Fact]
    public void Watch_ClockPastTheDeadline_InterruptsTheEngine()
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        EngineHardening.Watch(database, new Deadline(new LeapingClock(), TimeSpan.FromSeconds(30), CancellationToken.None));
        raw.sqlite3_exec(database, Endless).Should().Be(raw.SQLITE_INTERRUPT);
    }

    [Fact]
    public async Task Execute_CancelledWhileItRuns_StopsAndFreesItsSlot()
    {
        for (var round = 0; round <= EngineSlots.Count; round++)
        {
            var request = _sandbox.Query(Endless);
            var ticket = new Ticket("a", request, (await _sandbox.See(request)).Fingerprint);
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await FluentActions.Awaiting(() => _sandbox.Provider.Execute(ticket, new Progress<ProviderProgress>(), cancel.Token))
                .Should().ThrowAsync<OperationCanceledException>();
        }

        (await _sandbox.Rows("select 1")).Should().Be("[[1]]");
    }

    [Fact]
    public async Task Run_EngineThatDoesNotNotice_IsAnsweredForAndKeepsItsSlot()
    {
        using var slots = new EngineSlots(TimeProvider.System);
        using var release = new ManualResetEventSlim();
        var stuck = Enumerable.Range(0, EngineSlots.Count).Select(_ => Ask(() => release.Wait())).ToList();
        (await Task.WhenAll(stuck)).Should().OnlyContain(answer => answer == "ST1504");
        (await Ask(() => { })).Should().Be("ST1503");
        release.Set();
        (await slots.Run(TimeSpan.FromSeconds(30), _ => "done", refusal => refusal.Code.Id, CancellationToken.None)).Should().Be("done");

        Task<string> Ask(System.Action work) => slots.Run(
            TimeSpan.FromMilliseconds(10),
            _ =>
            {
                work();
                return "done";
            },
            refusal => refusal.Code.Id,
            CancellationToken.None);
    }

    /// <summary>An hour passes at every look.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Add(ref _now, 3600);
    }
}
