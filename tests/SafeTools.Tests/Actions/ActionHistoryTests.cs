using SafeTools.Tests.Support;

namespace SafeTools.Tests.Actions;

/// <summary>Rows and entries that somebody edited behind the store's back, held against the chain.</summary>
public sealed class ActionHistoryTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Theory]
    [InlineData("null")]
    [InlineData("'act-another'")]
    public async Task Read_EntriesGivenAway_ExecutedActionIsNotExecutedAgain(string owner)
    {
        var done = await Approved();
        (await _here.Perform(done)).Should().BeOfType<Outcome.Executed>();
        await _here.Call("look");
        _here.Edit($"update audit set action = {owner} where action = '{done.Id}' and kind in ('action.claimed', 'action.ended')");
        _here.Edit($"update actions set status = 'approved', expires = 99999999999999 where id = '{done.Id}'");
        await _here.Turn();
        await Distrusted(() => _here.Perform(done));
        await _here.Restart();
        await Distrusted(() => _here.Perform(done));
        Provider.ExecutedOf(done.Id).Should().Be(1);
    }

    [Fact]
    public async Task Read_TimeOfTheApprovalEdited_LapsedActionIsNotExecuted()
    {
        var late = await Approved();
        _here.Clock.Advance(PolicyRules.ApprovedLife + TimeSpan.FromMinutes(1));
        await _here.Call("look");
        _here.Edit("update audit set time = time + 120000 where kind = 'decision.accepted'");
        _here.Edit($"update actions set expires = 99999999999999 where id = '{late.Id}'");
        await Distrusted(() => _here.Perform(late));
        Provider.ExecutedOf(late.Id).Should().Be(0);
    }

    [Fact]
    public async Task Vouched_FingerprintsEditedAfterTheSignature_DoNotCount()
    {
        var proposal = await Approved();
        Provider.Generation++;
        const string Edit = "fingerprint = replace(fingerprint, '\"generation\":\"0\"', '\"generation\":\"1\"')";
        _here.Edit($"update actions set {Edit} where id = '{proposal.Id}'");
        _here.Edit($"update previews set {Edit} where action = '{proposal.Id}'");
        (await _here.Get(proposal.Id)).Fingerprint.Should().NotBe(proposal.Fingerprint);
        (await _here.Perform(proposal)).Should().BeNull();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Pending);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Edited_RowAsItWasWritten_IsBelieved()
    {
        var proposal = await _here.Proposed();
        (await Edited(proposal)).Should().BeNull();
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        await _here.Store.WantPreview(proposal.Id, CancellationToken.None);
        await _here.Turn();
        (await _here.Get(proposal.Id)).Preview.Should().NotBe(proposal.Preview);
        (await Edited(proposal)).Should().BeNull("the audit knows the fresh preview");
    }

    [Theory]
    [InlineData("environment = 'staging'")]
    [InlineData("effect = 'reversible'")]
    [InlineData("preview = replace(preview, 'Would do it', 'Would not do it')")]
    [InlineData("fingerprint = replace(fingerprint, '\"0\"', '\"1\"')")]
    [InlineData("document = replace(document, 'n1', 'n2')")]
    public async Task Edited_ColumnOfTheRowEdited_Refuses(string edit)
    {
        var proposal = await _here.Proposed();
        _here.Edit($"update actions set {edit} where id = '{proposal.Id}'");
        (await Edited(proposal))!.Code.Id.Should().Be("ST1803");
    }

    [Fact]
    public async Task Contradicts_ApproverWasShownAForgedPreview_IsNotExecuted()
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        var forged = proposal.Preview.Replace("Would do it", "Would not do it", StringComparison.Ordinal);
        forged.Should().NotBe(proposal.Preview);
        _here.Edit($"update actions set preview = '{forged.Replace("'", "''", StringComparison.Ordinal)}' where id = '{proposal.Id}'");
        _here.Edit($"insert into previews select id, '{Digest.Of(forged)}', fingerprint from actions where id = '{proposal.Id}'");
        (await Edited(proposal))!.Code.Id.Should().Be("ST1803", "it must not be shown");
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved, "whoever signs without looking");
        await _here.Turn();
        Provider.Executed.Should().Be(0);
        var ended = await _here.Get(proposal.Id);
        ended.Status.Should().Be(ActionStatus.Expired);
        ActionResult.Refusal(ended)!.Code.Id.Should().Be("ST1803");
    }

    private static async Task Distrusted<T>(Func<Task<T>> work) =>
        (await work.Should().ThrowAsync<StoreException>()).Which.Refusal.Code.Id.Should().Be("ST1803");

    private async Task<Refusal?> Edited(StoredAction action) =>
        ActionHistory.Edited(await _here.Get(action.Id), await ActionHistory.Read(_here.Store, action.Id, CancellationToken.None));

    private async Task<StoredAction> Approved()
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        return proposal;
    }
}
