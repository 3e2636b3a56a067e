using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>An execution that takes far longer than its tool allows: nobody waits for it, nobody interrupts it, nobody does it again.</summary>
public sealed class PipelineLateTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Installation _here = null!;

    public async Task InitializeAsync()
    {
        _here = await Installation.Start();
        _here.Provider.OnExecute = async (_, cancellationToken) =>
        {
            await _release.Task.WaitAsync(cancellationToken);
            return SampleProvider.Done();
        };
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _here.Upkeep.Idle().WaitAsync(Patience);
        await _here.DisposeAsync();
    }

    [Fact]
    public async Task Change_ThatHangs_IsUnknownAndThenWhatItCameTo()
    {
        var unknown = (await _here.Call("label_hastily").WaitAsync(Patience)).Should().BeOfType<Outcome.Unknown>().Which;
        unknown.Why.Code.Should().Be(RefusalCatalog.OutcomeUnknown);

        await _here.Upkeep.Turn(CancellationToken.None);
        (await _here.StatusOf(unknown.Action)).Should().Be(ActionStatus.Unknown, "not yet is not no");
        (await _here.Call("label_hastily").WaitAsync(Patience)).Should().BeOfType<Outcome.Unknown>().Which.Action.Id.Should().Be(unknown.Action.Id);

        _release.SetResult();
        await _here.Upkeep.Idle().WaitAsync(Patience);
        (await _here.StatusOf(unknown.Action)).Should().Be(ActionStatus.Succeeded);
        _here.Provider.Executed.Should().Be(1);
    }

    [Fact]
    public async Task Change_ThatHangsUntilTheProcessEnds_IsAskedAboutByTheNext()
    {
        var unknown = (await _here.Call("label_hastily").WaitAsync(Patience)).Should().BeOfType<Outcome.Unknown>().Which;
        await _here.Restart();
        await _here.Upkeep.Turn(CancellationToken.None);
        (await _here.StatusOf(unknown.Action)).Should().NotBe(ActionStatus.Executing);
        _here.Provider.Executed.Should().Be(1);
    }

    [Fact]
    public async Task Change_ThatHangsInAnotherLivingProcess_IsNotAskedAbout()
    {
        _here.Provider.OnProbe = _ => Task.FromResult<Execution>(new Execution.Failed(RefusalCatalog.NoSuchItem.Because("Not yet.")));
        var unknown = (await _here.Call("label_hastily").WaitAsync(Patience)).Should().BeOfType<Outcome.Unknown>().Which;

        await _here.AnotherUpkeep().Turn(CancellationToken.None);
        (await _here.StatusOf(unknown.Action)).Should().Be(ActionStatus.Unknown, "not yet is not no, whoever asks");

        _release.SetResult();
        await _here.Upkeep.Idle().WaitAsync(Patience);
        (await _here.StatusOf(unknown.Action)).Should().Be(ActionStatus.Succeeded);
    }

    [Fact]
    public async Task Read_ThatHangs_Refuses() =>
        (await _here.Call("look_hastily").WaitAsync(Patience)).Should().BeOfType<Outcome.Refused>().Which.Why.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
}
