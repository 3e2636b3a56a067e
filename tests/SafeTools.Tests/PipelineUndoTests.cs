using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>Decisions and undos through the pipeline, over a real store.</summary>
public sealed class PipelineUndoTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Decide_NonceUsedTwice_CountsOnce()
    {
        (await _here.Accept(_here.Configuration(persons: 2), _here.Alice)).Should().BeNull();
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        var nonce = await _here.Store.IssueNonce("action:" + proposal.Id, CancellationToken.None);
        var decision = _here.Alice.Decide(proposal, store: _here.Store.Id, epoch: 2, nonce: nonce);
        (await _here.Pipeline.Decide(decision, CancellationToken.None)).Refusal.Should().BeNull();
        (await _here.Pipeline.Decide(decision, CancellationToken.None)).Refusal!.Code.Id.Should().Be("ST1407");
    }

    [Fact]
    public async Task Undo_OwnAction_RunsOnceThroughTheSameGate()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        (await _here.Undo("local", done.Id)).Should().BeOfType<Outcome.Executed>().Which.Action!.Undoes.Should().Be(done.Id);
        Refused(await _here.Undo("local", done.Id)).Code.Id.Should().Be("ST1410");
    }

    [Fact]
    public async Task Undo_SomebodyElsesOrNone_IsTheSameRefusal()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        Refused(await _here.Undo("second", done.Id)).Should().Be(Refused(await _here.Undo("second", "act-none")));
    }

    [Fact]
    public async Task Undo_ResultEdited_Refuses()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        _here.Edit($"update actions set result = replace(result, 'sample.', 'sample.d') where id = '{done.Id}'");
        Refused(await _here.Undo("local", done.Id)).Code.Id.Should().Be("ST1410");
    }

    [Fact]
    public async Task Undo_ReasonTooLong_Refuses()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        Refused(await _here.Undo("local", done.Id, new string('x', 501))).Code.Id.Should().Be("ST1102");
    }

    [Fact]
    public async Task Undo_InProduction_WaitsForAHumanEvenWhenAHumanAsks()
    {
        var proposal = await _here.Proposed("label_live");
        await _here.Decide(proposal, _here.Alice);
        await _here.Perform(proposal);
        (await _here.Undo("human", proposal.Id)).Should().BeOfType<Outcome.Proposed>();
        Provider.Executed.Should().Be(1);
    }

    private static Refusal Refused(Outcome outcome) => outcome.Should().BeOfType<Outcome.Refused>().Which.Why;
}
