using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>Steps that go wrong halfway, and requests whose target is not what it was, over a real store.</summary>
public sealed class PipelineStepsTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task End_CannotBeWrittenDown_IsUnknownUntilUpkeepFindsOut()
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        _here.Broken.OnMove = move => _here.Broken.Fails = move.To == ActionStatus.Succeeded ? nameof(IStore.Move) : null;
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Unknown>().Which.Why.Code.Should().Be(RefusalCatalog.OutcomeUnknown);
        (_here.Broken.OnMove, _here.Broken.Fails) = (null, null);
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Succeeded);
        Provider.ExecutedOf(proposal.Id).Should().Be(1);
    }

    [Fact]
    public async Task End_OfARequestThatRanAtOnceCannotBeWrittenDown_IsUnknown()
    {
        _here.Broken.Fails = nameof(IStore.Move);
        (await _here.Call("label")).Should().BeOfType<Outcome.Unknown>();
        _here.Broken.Fails = null;
        await _here.Turn();
        (await _here.Store.List(principal: null, open: false, most: 1, CancellationToken.None)).Single().Status.Should().Be(ActionStatus.Succeeded);
    }

    [Fact]
    public async Task Propose_TargetReplacedSince_IsAnotherProposalAndTheOldOneIsStale()
    {
        var first = await _here.Proposed();
        Provider.OnPreview = (request, _) => Task.FromResult<Previewed>(Provider.See(request) with { Item = new Item("thing", "id-other", "n1") });
        var second = await _here.Proposed();
        second.Id.Should().NotBe(first.Id);
        ActionDocument.Target(second.Document).Should().NotBe(ActionDocument.Target(first.Document));
        (await _here.StatusOf(first)).Should().Be(ActionStatus.Stale);
        (await _here.StatusOf(second)).Should().Be(ActionStatus.Pending);
    }

    [Theory]
    [InlineData("local")]
    [InlineData(Freezes.All)]
    public async Task Consider_FrozenPrincipal_InfrastructureIsNotEvenLookedAt(string frozen)
    {
        var looks = 0;
        Provider.OnPreview = (request, _) =>
        {
            looks++;
            return Task.FromResult<Previewed>(Provider.See(request));
        };
        await _here.Store.Freeze(frozen, CancellationToken.None);
        foreach (var tool in new[] { "look", "label", "drop" })
        {
            (await _here.Call(tool)).Should().BeOfType<Outcome.Refused>().Which.Why.Code.Id.Should().Be("ST1203");
        }

        looks.Should().Be(0);
    }

    [Fact]
    public async Task Perform_Reopened_LivesAsLongAsAnyProposal()
    {
        var proposal = await _here.Proposed();
        _here.Edit($"update actions set status = 'approved', expires = expires - 3600000 where id = '{proposal.Id}'");
        (await _here.Perform(proposal)).Should().BeNull();
        (await _here.Get(proposal.Id)).Should().Match<StoredAction>(action => action.Status == ActionStatus.Pending && action.Expires == proposal.Asked + new PolicyRules().ProposalLife);
    }

    [Fact]
    public async Task Undo_OfferOfAnotherOperationThanTheDeclaredOne_Refuses()
    {
        Provider.OnExecute = (ticket, _) =>
            Task.FromResult<Execution>(SampleProvider.Done() with { Undo = new UndoOffer("sample.drop", ticket.Request.Arguments) });
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        (await _here.Undo("local", done.Id)).Should().BeOfType<Outcome.Refused>().Which.Why.Code.Should().Be(RefusalCatalog.PolicyChanged);
        Provider.Executed.Should().Be(1);
    }
}
