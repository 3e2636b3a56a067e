using System.Diagnostics;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

/// <summary>Alone, since what the whole process allocates is measured.</summary>
[CollectionDefinition(nameof(LargeValueTests), DisableParallelization = true)]
[Collection(nameof(LargeValueTests))]
public sealed class LargeValueTests(EmptyDatabase fixture) : IClassFixture<EmptyDatabase>
{
    private const int Most = 100 * 1024 * 1024;

    /// <summary>Half a gigabyte of text; a bytea of this length would be a gigabyte on its way.</summary>
    [Theory]
    [InlineData("repeat('x', 500000000)", 500_000_000)]
    [InlineData("decode(repeat('00', 250000000), 'hex')", 250_000_000)]
    public async Task Read_HugeValue_IsCutWithoutBeingHeld(string expression, long bytes)
    {
        await fixture.Database.Read("select 1");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = await fixture.Database.Read($"select {expression} as huge, 7 as after");
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(Most);
        answer.Data()["rows"]![0]![0]!["bytes"]!.GetValue<long>().Should().Be(bytes);
        answer.Data()["rows"]![0]![1]!.GetValue<int>().Should().Be(7);
    }

    [Fact]
    public async Task Read_LimitInsideAHugeValue_DoesNotReadTheRestOfIt()
    {
        await using var connection = await fixture.Database.Open();
        await using var command = new Npgsql.NpgsqlCommand("select 'small' union all select repeat('x', 500000000)", connection) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess);
        var answer = await SafeTools.Providers.Postgres.RowStream.Read(reader, new Limits(10, 2000, TimeSpan.FromSeconds(1)), Database.NoTypes, CancellationToken.None);
        answer.Rows().Should().Be("[[\"small\"]]");
        answer.LeftUnread.Should().BeTrue();
        // Not the reader's end, which would wait for all of it: the session is done for.
        var watch = Stopwatch.StartNew();
        command.Cancel();
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Read_ManyRows_HoldsNoMoreThanTheAnswer()
    {
        await fixture.Database.Read("select 1");
        var answer = await fixture.Database.Read("select repeat('x', 1000) from generate_series(1, 1000) i, generate_series(1, 1000) j", new Limits(1_000_000, 200_000, TimeSpan.FromSeconds(30)));
        answer.Data().ToJsonString().Length.Should().BeInRange(198_000, 200_000);
        answer.LeftUnread.Should().BeTrue();
    }
}
