using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>What comes of a call, over a real store.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Run_Read_AnswersAfterItIsWrittenDown()
    {
        (await _here.Call("look")).Should().BeOfType<Outcome.Executed>().Which.Action.Should().BeNull();
        (await _here.Audit())[^1].Kind.Should().Be("read.answered");
    }

    [Fact]
    public async Task Run_ReadThatCannotBeWrittenDown_GivesNoAnswer()
    {
        _here.Broken.Fails = nameof(IStore.Record);
        await Throws(() => _here.Call("look"));
    }

    [Theory]
    [InlineData("nonsense", "local")]
    [InlineData("drop_staging", "second")]
    [InlineData("look", "nobody")]
    [InlineData("look", "human")]
    public async Task Run_UnknownOrUngranted_RefusesAlikeAndIsAudited(string tool, string principal)
    {
        Refused(await _here.Call(tool, "{}", principal)).Should().Be(RefusalCatalog.UnknownTool.Because("Unknown tool."));
        (await _here.Audit())[^1].Kind.Should().Be("call.refused");
    }

    [Fact]
    public async Task Run_WrongArguments_RefusesWithoutLooking()
    {
        Provider.OnPreview = (_, _) => throw new InvalidOperationException("looked");
        Refused(await _here.Call("look", """{"nome":"n1"}""")).Code.Id.Should().Be("ST1101");
        _here.Log.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_ProviderThrowsWhileLooking_RefusesInOwnWordsAndIsAudited()
    {
        Provider.OnPreview = (_, _) => throw new InvalidOperationException("password=hunter2 at /srv/x");
        var why = Refused(await _here.Call("look"));
        why.Code.Id.Should().Be("ST1503");
        why.Message.Should().NotContain("hunter2");
        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be("ST1503");
        _here.Log.Should().ContainSingle().Which.Should().Contain("hunter2");
    }

    [Fact]
    public async Task Run_ProviderRefusesToLook_IsAudited()
    {
        Provider.OnPreview = (_, _) => Task.FromResult<Previewed>(RefusalCatalog.NoSuchItem.Because("No n1."));
        Refused(await _here.Call("drop")).Code.Id.Should().Be("ST1501");
        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be("ST1501");
    }

    [Fact]
    public async Task Run_ItemVouchedForAsProduction_StagingToolRefuses()
    {
        Provider.Evidence = ["production"];
        Refused(await _here.Call("look")).Code.Id.Should().Be("ST1301");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_ReadThrows_RefusesAndIsAudited()
    {
        Provider.OnExecute = (_, _) => throw new InvalidOperationException("hunter2");
        Refused(await _here.Call("look")).Should().Match<Refusal>(why => why.Code.Id == "ST1503" && !why.Message.Contains("hunter2"));
        (await _here.Audit())[^1].Kind.Should().Be("read.failed");
    }

    [Fact]
    public async Task Run_ReadCancelled_EndsAsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Provider.OnExecute = async (_, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return SampleProvider.Done();
        };
        var call = () => _here.Call("look", cancellationToken: cancel.Token);
        await call.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Run_ReversibleInStaging_RunsAtOnceAsAnAction()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        (await _here.StatusOf(done)).Should().Be(ActionStatus.Succeeded);
        (await _here.Audit()).TakeLast(2).Select(entry => entry.Kind).Should().Equal("action.begun", "action.ended");
    }

    [Theory]
    [InlineData("label", nameof(IStore.Begin))]
    [InlineData("drop", nameof(IStore.Propose))]
    public async Task Run_AuditUnwritable_NothingIsExecuted(string tool, string fails)
    {
        _here.Broken.Fails = fails;
        await Throws(() => _here.Call(tool));
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_CancelledAfterItBegan_IsStillWrittenDown()
    {
        using var cancel = new CancellationTokenSource();
        Provider.OnPreview = async (request, _) =>
        {
            if ((await _here.Store.List(null, open: true, 10, CancellationToken.None)).Count > 0)
            {
                await cancel.CancelAsync(); // between claim and act
            }

            return Provider.See(request);
        };
        Provider.OnExecute = (_, token) => Task.FromCanceled<Execution>(token);
        var outcome = await _here.Call("label", cancellationToken: cancel.Token);
        outcome.Should().BeOfType<Outcome.Failed>("the probe found that nothing had happened");
        (await _here.Store.List(null, open: true, 10, CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Run_ReadByFloorButRaisedBySpecThrows_IsNotTakenForUndone()
    {
        Provider.OnExecute = (_, _) => throw new InvalidOperationException();
        Provider.OnProbe = _ => throw new InvalidOperationException();
        (await _here.Accept(_here.Configuration(grants: "raised@staging"), _here.Alice)).Should().BeNull();
        var proposal = await _here.Proposed("raised");
        await _here.Decide(proposal, _here.Alice);
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Unknown>();
    }

    [Fact]
    public async Task Run_Repeated_IsTheSameProposal()
    {
        var first = await _here.Proposed();
        (await _here.Proposed()).Id.Should().Be(first.Id);
        (await _here.Proposed(principal: "second")).Id.Should().NotBe(first.Id, "nothing is merged across principals");
    }

    [Fact]
    public async Task Run_RejectedBefore_Refuses24Hours()
    {
        await _here.Decide(await _here.Proposed(), _here.Alice, Verdict.Reject);
        Refused(await _here.Call("drop")).Code.Id.Should().Be("ST1402");
        _here.Clock.Advance(TimeSpan.FromHours(24.1));
        await _here.Proposed();
    }

    [Fact]
    public async Task Run_Frozen_RunsNothing()
    {
        await _here.Store.Freeze("local", CancellationToken.None);
        foreach (var tool in new[] { "look", "label", "drop" })
        {
            Refused(await _here.Call(tool)).Code.Id.Should().Be("ST1203");
        }

        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_BeforeTheFirstAcceptance_OnlyReads()
    {
        await using var fresh = await Installation.Start(accepted: false);
        (await fresh.Call("look")).Should().BeOfType<Outcome.Executed>();
        Refused(await fresh.Call("label")).Code.Id.Should().Be("ST1201", "it is not even offered");
    }

    private static Refusal Refused(Outcome outcome) => outcome.Should().BeOfType<Outcome.Refused>().Which.Why;

    private static async Task Throws<T>(Func<Task<T>> work) => await work.Should().ThrowAsync<StoreException>();
}
