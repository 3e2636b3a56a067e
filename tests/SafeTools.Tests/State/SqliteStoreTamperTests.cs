using System.Text.Json.Nodes;
using SafeTools.Server.State;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.State;

/// <summary>Somebody with the file edits, cuts or replaces it while a process uses it.</summary>
public sealed class SqliteStoreTamperTests : IDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    private static AuditDraft Draft => new(AuditKind.ReadAnswered, new JsonObject { ["rows"] = 1 }) { Payload = new JsonObject { ["customer"] = "n1" } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_RestoredToAnOlderCopy_ApprovalDoesNotRunAgain()
    {
        await using var store = await _folder.Open();
        var action = StoredActions.Pending(_folder.Clock.Now);
        await store.Propose(action, 10, None);
        await store.Move(StoredActions.Move(action, ActionStatus.Pending, ActionStatus.Approved), None);
        var older = _folder.Copy();
        (await store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing), None)).Should().BeTrue();

        using (var copy = _folder.Connect(older))
        using (var live = _folder.Connect())
        {
            copy.BackupDatabase(live);
        }

        (await store.Get(action.Id, None))!.Status.Should().Be(ActionStatus.Approved, "the copy was restored");
        await Broken(() => store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing), None));
        await Broken(() => store.Standing(None));
    }

    [Fact]
    public async Task Store_RestoredAndGrownPastWhatWasSeen_IsNoticed()
    {
        await using var store = await _folder.Open();
        var older = _folder.Copy();
        await store.Record(Draft, None);
        using (var copy = _folder.Connect(older))
        using (var live = _folder.Connect())
        {
            copy.BackupDatabase(live);
        }

        await using (var other = await _folder.Open())
        {
            await other.Record(Draft, None);
            await other.Record(Draft, None);
        }

        await Broken(() => store.Record(Draft, None));
    }

    [Fact]
    public async Task File_ReplacedByAnOlderCopy_IsNoticed()
    {
        await using var store = await _folder.Open();
        var older = _folder.Copy();
        await store.Record(Draft, None);

        File.Move(older, _folder.File, overwrite: true);

        await Broken(() => store.Record(Draft, None));
        await Broken(() => store.Standing(None));
    }

    [Fact]
    public async Task File_Deleted_IsNoticed()
    {
        await using var store = await _folder.Open();

        File.Delete(_folder.File);

        await Broken(() => store.Record(Draft, None));
    }

    [Theory]
    [InlineData("delete from payloads where sequence = 3; delete from audit where sequence = 3")]
    [InlineData("update audit set body = '{\"rows\":2}' where sequence = 3")]
    [InlineData("update audit set principal = 'somebody' where sequence = 3")]
    [InlineData("update audit set hash = previous where sequence = 3")]
    [InlineData("update audit set body = 'no json' where sequence = 3")]
    [InlineData("update audit set time = 9223372036854775807 where sequence = 3")]
    [InlineData("update payloads set text = '{}' where sequence = 3")]
    [InlineData("pragma foreign_keys = off; delete from audit")]
    public async Task NewestEntry_EditedOrCut_EverythingRefuses(string sql)
    {
        await using var store = await _folder.Open();
        await store.Record(Draft, None);
        await store.Record(Draft, None);

        _folder.Execute(sql);

        await Broken(() => store.Record(Draft, None));
        await Broken(() => store.IssueNonce("action:act-1", None));
        await Broken(() => store.Standing(None));
    }

    [Fact]
    public async Task EntriesOfOthers_ThatDoNotFollow_AreNoticed()
    {
        await using var store = await _folder.Open();
        await using (var other = await _folder.Open())
        {
            await other.Record(Draft, None);
            await other.Record(Draft, None);
        }

        _folder.Execute("update audit set tool = 'other' where sequence = 2");

        await Broken(() => store.Record(Draft, None));
    }

    [Fact]
    public async Task PayloadErased_ChainStillHolds()
    {
        await using var store = await _folder.Open();
        await store.Record(Draft, None);

        _folder.Execute("delete from payloads");

        await store.Record(Draft, None);
        var result = await AuditVerifier.Verify(store.Id, store.Audit(1, None), _ => null, None);
        result.Should().Be(new AuditVerification(3, null, 0));
    }

    [Theory]
    [InlineData("update audit set body = '{\"store\":\"store-other\"}' where sequence = 1")]
    [InlineData("update meta set value = 'store-other'")]
    [InlineData("delete from meta")]
    [InlineData("delete from audit where sequence = 1")]
    [InlineData("update audit set kind = 'read.answered' where sequence = 1")]
    [InlineData("update audit set tool = 'other' where sequence = 2")]
    [InlineData("create trigger planted after insert on audit begin delete from nonces; end")]
    public async Task Open_EditedStore_Refuses(string sql)
    {
        await using (var store = await _folder.Open())
        {
            await store.Record(new AuditDraft(AuditKind.ReadAnswered, new JsonObject()), None);
        }

        _folder.Execute(sql);

        await Broken(_folder.Open);
    }

    [Theory]
    [InlineData("-wal", false)]
    [InlineData("-wal", true)]
    [InlineData("-shm", false)]
    [InlineData("-shm", true)]
    public async Task Log_DeletedOrReplacedWhileInUse_RefusesEverything(string companion, bool replaced)
    {
        await using var store = await _folder.Open();
        await store.Freeze("local", None);
        File.Delete(_folder.File + companion);
        if (replaced)
        {
            await File.WriteAllBytesAsync(_folder.File + companion, []);
        }

        await Broken(() => store.Standing(None));
        await Broken(() => store.Freeze("local", None));
    }

    [Theory]
    [InlineData("update actions set status = 'mystery'")]
    [InlineData("update actions set environment = 'moon'")]
    [InlineData("update actions set effect = 'none'")]
    [InlineData("update actions set document = '['")]
    [InlineData("update actions set preview = '[]'")]
    [InlineData("update actions set result = ''")]
    [InlineData("update actions set expires = 9223372036854775807")]
    [InlineData("update actions set required = 99999999999")]
    public async Task ActionRow_ThatCannotBeRead_RefusesAndNeverGuesses(string sql)
    {
        await using var store = await _folder.Open();
        var action = StoredActions.Pending(_folder.Clock.Now) with { Undoes = "act-earlier" };
        await store.Propose(action, 10, None);

        _folder.Execute(sql);

        await Broken(() => store.Get(action.Id, None));
        await Broken(() => store.List(null, false, 10, None));
        await Broken(() => store.UndosOf("act-earlier", None));
    }

    [Theory]
    [InlineData("update decisions set verdict = 'maybe'")]
    [InlineData("update decisions set epoch = 99999999999")]
    public async Task DecisionRow_ThatCannotBeRead_Refuses(string sql)
    {
        await using var store = await _folder.Open();
        var action = await Approved(store);

        _folder.Execute(sql);

        await Broken(() => store.Evidence(action.Id, None));
    }

    [Fact]
    public async Task DecisionRow_Deleted_CountsNoMoreButTheAuditStillTellsOfIt()
    {
        await using var store = await _folder.Open();
        var action = await Approved(store);

        _folder.Execute("delete from decisions");

        (await store.Evidence(action.Id, None)).Decisions.Should().BeEmpty();
        var kinds = new List<string>();
        await foreach (var entry in store.Audit(1, None))
        {
            kinds.Add(entry.Kind);
        }

        kinds.Should().Contain("decision.accepted");
    }

    [Fact]
    public async Task PolicyRow_ThatCannotBeRead_Refuses()
    {
        await using var store = await _folder.Open();

        _folder.Execute("insert into policies (epoch, document) values (99999999999, 'no json')");

        await Broken(() => store.Policies(None));
        await Broken(() => store.Standing(None));
    }

    [Fact]
    public async Task TableDropped_Refuses()
    {
        await using var store = await _folder.Open();

        _folder.Execute("drop table decisions");

        (await Refusal(() => store.Evidence("act-1", None))).Code.Should().Be(RefusalCatalog.StateUnavailable);
    }

    private static async Task Broken(Func<Task> attempt)
    {
        var refusal = await Refusal(attempt);
        refusal.Code.Should().Be(RefusalCatalog.AuditBroken);
        refusal.Message.Should().NotContain("Exception").And.NotContain("state.db");
    }

    private static async Task<Refusal> Refusal(Func<Task> attempt) => (await attempt.Should().ThrowAsync<StoreException>()).Which.Refusal;

    private async Task<StoredAction> Approved(SqliteStore store)
    {
        using var alice = new TestApprover("alice");
        var action = StoredActions.Pending(_folder.Clock.Now);
        await store.Propose(action, 10, None);
        await store.Decide(alice.Decide(store.Id, action, await store.IssueNonce("action:" + action.Id, None)), (_, _, _, _) => new Judged(null, ActionStatus.Approved), None);
        return action;
    }
}
