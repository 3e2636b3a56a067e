using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SafeTools.Server.State;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.State;

/// <summary>No audit, no run: whatever fails, a change and its entry fail together.</summary>
public sealed class SqliteStoreFaultTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("create trigger fault before insert on audit begin select raise(abort, 'disk on fire'); end")]
    [InlineData("create trigger fault before insert on payloads begin select raise(abort, 'disk on fire'); end")]
    [InlineData("create trigger fault before insert on actions begin select raise(abort, 'disk on fire'); end")]
    [InlineData("create trigger fault before insert on previews begin select raise(rollback, 'disk on fire'); end")]
    public async Task Propose_HalfOfItFails_LeavesNeither(string trigger)
    {
        await using var store = await _folder.Open();
        _folder.Execute(trigger);
        var action = StoredActions.Pending(_folder.Clock.Now);

        var refusal = await Refusal(() => store.Propose(action, 10, None));

        refusal.Code.Should().Be(RefusalCatalog.StateUnavailable);
        refusal.Message.Should().NotContain("fire");
        (await store.Get(action.Id, None)).Should().BeNull();
        (await Count(store)).Should().Be(1);
        _folder.Execute("drop trigger fault");
        (await store.Propose(action, 10, None)).Action.Should().Be(action);
        (await Count(store)).Should().Be(2);
    }

    [Fact]
    public async Task Move_EntryCannotBeWritten_LeavesTheStatus()
    {
        await using var store = await _folder.Open();
        var action = StoredActions.Pending(_folder.Clock.Now);
        await store.Propose(action, 10, None);
        _folder.Execute("create trigger fault before insert on audit begin select raise(abort, 'no'); end");

        await Refusal(() => store.Move(StoredActions.Move(action, ActionStatus.Pending, ActionStatus.Approved), None));

        (await store.Get(action.Id, None))!.Status.Should().Be(ActionStatus.Pending);
    }

    [Fact]
    public async Task Decide_EntryCannotBeWritten_LeavesTheNonceUnused()
    {
        await using var store = await _folder.Open();
        using var alice = new TestApprover("alice");
        var action = StoredActions.Pending(_folder.Clock.Now);
        await store.Propose(action, 10, None);
        var decision = alice.Decide(store.Id, action, await store.IssueNonce("action:" + action.Id, None));
        _folder.Execute("create trigger fault before insert on audit begin select raise(abort, 'no'); end");
        await Refusal(() => store.Decide(decision, (_, _, _, _) => new Judged(null, ActionStatus.Approved), None));
        (await store.Evidence(action.Id, None)).Decisions.Should().BeEmpty();

        _folder.Execute("drop trigger fault");

        (await store.Decide(decision, (_, _, _, _) => new Judged(null, ActionStatus.Approved), None)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task Record_NoRoomLeft_RefusesAndKeepsWhatWasThere()
    {
        await using var store = await _folder.Open();
        DatabaseOf(store).Execute("pragma max_page_count = 60");
        var large = new AuditDraft(AuditKind.ReadAnswered, new JsonObject()) { Payload = new JsonObject { ["text"] = new string('x', 20_000) } };
        var written = 1;
        Refusal? refusal = null;
        while (refusal is null && written < 100)
        {
            try
            {
                await store.Record(large, None);
                written++;
            }
            catch (StoreException exception)
            {
                refusal = exception.Refusal;
            }
        }

        refusal!.Code.Should().Be(RefusalCatalog.StateUnavailable);
        refusal.Message.Should().Contain("full");
        (await Count(store)).Should().Be(written);
        await store.DisposeAsync();
        await using var again = await _folder.Open();
        await again.Record(large, None);
        (await Count(again)).Should().Be(written + 1);
    }

    [Fact]
    public async Task Record_FileReadOnly_Refuses()
    {
        await using var store = await _folder.Open();
        DatabaseOf(store).Execute("pragma query_only = on");

        (await Refusal(() => store.Record(Draft, None))).Message.Should().Contain("writing");

        (await Count(store)).Should().Be(1);
    }

    [Fact]
    public async Task Record_AnotherProcessHoldsTheStore_RefusesAfterABoundedWait()
    {
        await using var store = await _folder.Open(TimeSpan.FromMilliseconds(50));
        using var other = _folder.Connect();
        SqliteFolder.Execute(other, "begin immediate");

        (await Refusal(() => store.Record(Draft, None))).Message.Should().Contain("Another process");

        SqliteFolder.Execute(other, "rollback");
        await store.Record(Draft, None);
        (await Count(store)).Should().Be(2);
    }

    [Fact]
    public async Task Open_WriterThere_ReadsGoOn()
    {
        await using var store = await _folder.Open(TimeSpan.FromMilliseconds(50));
        using var other = _folder.Connect();
        SqliteFolder.Execute(other, "begin immediate");

        (await store.Standing(None)).Head.Sequence.Should().Be(1);
    }

    [Fact]
    public async Task Open_EightAtOnce_IsOneStore()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _folder.Open(TimeSpan.FromSeconds(30)))));

        stores.Select(store => store.Id).Distinct().Should().ContainSingle();
        (await Count(stores[0])).Should().Be(1);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_NewerSchema_RefusesAndLeavesItAlone()
    {
        await (await _folder.Open()).DisposeAsync();
        _folder.Execute("pragma user_version = 2");

        (await Refusal(_folder.Open)).Message.Should().Contain("newer version");
    }

    [Fact]
    public async Task Open_SomebodyElsesDatabase_Refuses()
    {
        await (await _folder.Open()).DisposeAsync();
        _folder.Execute("pragma user_version = 0");

        (await Refusal(_folder.Open)).Message.Should().Contain("not a state store");
    }

    [Fact]
    public async Task Open_NotADatabase_Refuses()
    {
        await (await _folder.Open()).DisposeAsync();
        await File.WriteAllTextAsync(_folder.File, new string('x', 10_000));

        (await Refusal(_folder.Open)).Code.Should().Be(RefusalCatalog.StateUnavailable);
    }

    [Fact]
    public async Task Open_Settings_AreDurable()
    {
        await using var store = await _folder.Open();

        DatabaseOf(store).Number("pragma synchronous").Should().Be(2);
        DatabaseOf(store).Number("pragma foreign_keys").Should().Be(1);
        DatabaseOf(store).Rows("pragma journal_mode", row => row.GetString(0)).Should().Equal("wal");
    }

    [Fact]
    public void Schema_OpenStatuses_AreThoseOfTheLife() =>
        StoreSchema.Open.Should().Be($"({string.Join(", ", Enum.GetValues<ActionStatus>().Where(ActionLife.IsOpen).Select(status => $"'{status.Word()}'"))})");

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_database")]
    private static extern ref readonly Database DatabaseOf(SqliteStore store);

    private static AuditDraft Draft => new(AuditKind.ReadAnswered, new JsonObject());

    private static async Task<Refusal> Refusal(Func<Task> attempt) => (await attempt.Should().ThrowAsync<StoreException>()).Which.Refusal;

    private static async Task<int> Count(SqliteStore store)
    {
        var count = 0;
        await foreach (var entry in store.Audit(1, None))
        {
            count++;
        }

        return count;
    }
}
