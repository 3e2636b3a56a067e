using System.Data;
using Npgsql;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

public sealed class CancelTests(EmptyDatabase fixture) : IClassFixture<EmptyDatabase>
{
    [Theory]
    [InlineData("select pg_sleep(0.01), repeat('x', 10000) from generate_series(1, 100000)")]
    [InlineData("select i from generate_series(1, 1000) i, generate_series(1, 1000000) j")]
    [InlineData("select from generate_series(1, 1000) i, generate_series(1, 1000000) j")]
    [InlineData("select repeat('x', 50000000) union all select pg_sleep(1000)::text")]
    public async Task Read_CallerGivesUp_Ends(string sql)
    {
        await using var connection = await fixture.Database.Open();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        using var patience = new CancellationTokenSource();
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, patience.Token);
        // On a thread of its own: rows that are always there already let it go on without ever waiting.
        var reading = Task.Run(() => RowStream.Read(reader, new Limits(int.MaxValue, int.MaxValue, TimeSpan.FromMinutes(1)), Database.NoTypes, patience.Token));
        patience.CancelAfter(TimeSpan.FromMilliseconds(100));
        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>();
        // What the caller does then: the reader's own end would wait for the rest.
        command.Cancel();
        await reader.DisposeAsync();
    }

    /// <summary>Nothing waits then that a cancellation could end, so Npgsql would forget it.</summary>
    [Theory]
    [InlineData("select 'here already'")]
    [InlineData("select null")]
    public async Task Read_CallerGaveUpWhileTheValueIsHere_Ends(string sql)
    {
        await using var connection = await fixture.Database.Open();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        await reader.ReadAsync();
        await FluentActions.Awaiting(() => new ColumnBytes().Read(reader, 0, 100, new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();
    }
}
