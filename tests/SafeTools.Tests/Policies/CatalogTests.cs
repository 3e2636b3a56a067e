using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

/// <summary>What a process believes of the store that it finds.</summary>
public sealed class CatalogTests : IAsyncLifetime
{
    private Installation _here = null!;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Standing_NewestPolicyDeleted_Refuses(bool restarted)
    {
        await Second();
        await _here.Call("look");
        _here.Edit("delete from policies where epoch = 2");
        if (restarted)
        {
            await _here.Restart();
        }

        (await Refusal()).Should().Be("ST1804");
    }

    [Fact]
    public async Task Standing_PolicyDeletedBeforeItWasServed_Refuses()
    {
        await _here.Call("look");
        await Second();
        _here.Edit("delete from policies where epoch = 2");
        (await Refusal()).Should().Be("ST1804");
    }

    [Fact]
    public async Task Standing_FreezeEntryOfAnotherKindNow_RefusesInTheProcessThatSawIt()
    {
        await Frozen();
        _here.Edit("update audit set kind = 'principal.thawed' where kind = 'principal.frozen'");
        (await Refusal()).Should().Be("ST1803");
    }

    [Fact]
    public async Task Standing_FreezeOfAnotherPrincipalNow_RefusesInANewProcess()
    {
        await Frozen();
        _here.Edit("update audit set body = replace(body, 'local', 'nobody') where kind = 'principal.frozen'");
        await _here.Restart();
        (await Refusal()).Should().Be("ST1803");
    }

    [Fact]
    public async Task Distrust_WhateverIsAsked_NothingRuns()
    {
        _here.Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        _here.Catalog.Distrust(RefusalCatalog.AuditBroken.Because("Edited."));
        (await Refusal()).Should().Be("ST1803");
        foreach (var work in new Func<Task>[] { () => _here.Call("look"), () => _here.Call("label"), () => _here.Perform(proposal), () => _here.Undo("local", proposal.Id), () => _here.Turn() })
        {
            await work.Should().ThrowAsync<StoreException>();
        }

        _here.Provider.Executed.Should().Be(0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"version\":1,\"version\":1}")]
    [InlineData("{\"approvers\":[],\"approvers\":[]}")]
    public async Task Standing_MalformedPolicy_Refuses(string document)
    {
        _here.Edit($"update policies set document = '{document}'");
        await _here.Restart();
        (await Refusal()).Should().Be("ST1804");
    }

    private async Task Second() => (await _here.Accept(_here.Configuration() + "\npolicy: { max_open_proposals: 7 }", _here.Alice)).Should().BeNull();

    /// <summary>With entries behind the freeze, so that the newest entry does not give an edit away.</summary>
    private async Task Frozen()
    {
        await _here.Store.Freeze("local", CancellationToken.None);
        await _here.Call("look");
        await _here.Call("look", principal: "second");
    }

    private async Task<string> Refusal() =>
        (await FluentActions.Awaiting(() => _here.Catalog.Standing(CancellationToken.None)).Should().ThrowAsync<StoreException>()).Which.Refusal.Code.Id;
}
