using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>One row never holds up another, and a row follows the chain.</summary>
public sealed class UpkeepRowTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Theory]
    [InlineData("document = '{}', preview_wanted = 1")]
    [InlineData("document = '{}', status = 'executing'")]
    [InlineData("fingerprint = '{\"a\":1}', status = 'executing'")]
    [InlineData("preview = '{}', preview_wanted = 1")]
    [InlineData("result = '{}', status = 'unknown'")]
    [InlineData("result = '{\"data\":1,\"undo\":2}', status = 'executing'")]
    public async Task Turn_AnotherRowMalformed_StillExecutes(string edit)
    {
        var approved = await Approved("n1");
        var malformed = await _here.Proposed(arguments: """{"name":"n2"}""");
        _here.Edit($"update actions set {edit} where id = '{malformed.Id}'");
        await _here.Turn();
        Provider.ExecutedOf(approved.Id).Should().Be(1);
        Provider.Executed.Should().Be(1);
    }

    [Theory]
    [InlineData("document = '['")]
    [InlineData("preview = ''")]
    [InlineData("environment = 'moon'")]
    public async Task Turn_AnotherRowUnreadable_StillExecutesAndSaysSoOnce(string edit)
    {
        var approved = await Approved("n1");
        var unreadable = await Approved("n2");
        _here.Edit($"update actions set {edit} where id = '{unreadable.Id}'");
        await _here.Turn();
        await _here.Turn();
        Provider.ExecutedOf(approved.Id).Should().Be(1);
        Provider.Executed.Should().Be(1);
        (await _here.StatusOf(approved)).Should().Be(ActionStatus.Succeeded);
        _here.Log.Count(line => line.Contains(unreadable.Id, StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task Call_AnotherRowUnreadable_IsToldTheTruth()
    {
        var unreadable = await Approved("n2");
        _here.Edit($"update actions set document = '[' where id = '{unreadable.Id}'");
        (await _here.Call("label")).Should().BeOfType<Outcome.Executed>("the end was written down");
    }

    [Fact]
    public async Task Turn_AnotherExecutionHangs_StillExecutes()
    {
        var (release, first, second) = (Signal(), Signal(), Signal());
        Provider.OnExecute = async (ticket, _) =>
        {
            if (ticket.Request.Arguments.Text("name") == "hangs")
            {
                first.SetResult();
                await release.Task;
            }
            else
            {
                second.SetResult();
            }

            return SampleProvider.Done();
        };
        var waiting = await Approved("n1");
        var hanging = await Approved("hangs");
        await _here.Upkeep.Turn(CancellationToken.None).WaitAsync(Patience);
        await Task.WhenAll(first.Task, second.Task).WaitAsync(Patience);
        (await _here.StatusOf(hanging)).Should().Be(ActionStatus.Executing);
        release.SetResult();
        await _here.Upkeep.Idle().WaitAsync(Patience);
        (await _here.StatusOf(waiting)).Should().Be(ActionStatus.Succeeded);
        (await _here.StatusOf(hanging)).Should().Be(ActionStatus.Succeeded);
        Provider.Executed.Should().Be(2);
    }

    [Theory]
    [InlineData("executing")]
    [InlineData("unknown")]
    public async Task Turn_SucceededSetBack_ReturnsWithItsResultAndUndo(string status)
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        var before = await _here.Get(done.Id);
        _here.Edit($"update actions set status = '{status}' where id = '{done.Id}'");
        await _here.Turn();
        (await _here.Get(done.Id)).Should().Match<StoredAction>(action => action.Status == ActionStatus.Succeeded && action.Result == before.Result);
        (await _here.Undo("local", done.Id)).Should().BeOfType<Outcome.Executed>();
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<StoredAction> Approved(string name)
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed(arguments: $$"""{"name":"{{name}}"}""");
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        return proposal;
    }
}
