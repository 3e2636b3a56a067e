using System.Text;

namespace SafeTools.Tests.Contracts;

/// <summary>
/// What every provider promises that has an operation <c>….diagnose_credential</c>: whatever is broken is told, danger first, nothing is revealed or changed,
/// and nobody is locked out by asking. The answer holds <c>verdict</c> (danger, broken, works, unknown) and <c>findings</c>, each with <c>kind</c>,
/// <c>severity</c> (danger, broken, warning, fine), <c>says</c>, and <c>mend</c>: a list of <c>by</c> (agent, human) and <c>do</c>.
/// Derive it and make a credential on real infrastructure.
/// </summary>
public abstract class CredentialDiagnosisContract
{
    private const int MostFailuresAnHour = 5;

    private static readonly string[] Severities = ["danger", "broken", "warning", "fine"];

    /// <summary>A fresh one that works.</summary>
    private protected abstract Task<DiagnosedCredential> Arrange();

    [Fact]
    public async Task Operation_IsAReadThatTakesNoValue()
    {
        await using var credential = await Arrange();
        var operation = credential.Request.Operation;
        operation.Name.Should().EndWith(".diagnose_credential");
        operation.Floor.Should().Be(Effect.Read);
        operation.Parameters.Should().NotContain(parameter => parameter.Enum == null, "an agent chooses among what is configured, and names neither places nor values");
    }

    [Fact]
    public async Task Diagnose_Working_SaysSoAndOffersNothing()
    {
        await using var credential = await Arrange();
        var done = await credential.Look();
        DiagnosedCredential.Verdict(done).Should().Be("works");
        done.NextOperation.Should().BeNull();
        ShouldHoldNothingSecret(credential, done);
    }

    [Fact]
    public async Task Diagnose_EveryBrokenOne_IsToldAndChangesNothing() => await OfEach(async (credential, kind) =>
    {
        var before = credential.Everything();
        var done = await credential.Look();
        DiagnosedCredential.Findings(done).Select(found => found["kind"]!.GetValue<string>()).Should().Contain(kind);
        DiagnosedCredential.Verdict(done).Should().NotBe("works", kind);
        credential.Everything().Should().Be(before, $"a diagnosis of {kind} changes nothing");
        ShouldHoldNothingSecret(credential, done);
    });

    [Fact]
    public async Task Diagnose_EveryBrokenOne_IsInWordsThatHelp() => await OfEach(async (credential, kind) =>
    {
        var done = await credential.Look();
        foreach (var found in DiagnosedCredential.Findings(done))
        {
            found["kind"]!.GetValue<string>().Should().MatchRegex("^[a-z]+(-[a-z]+)*$");
            found["says"]!.GetValue<string>().Should().NotBeEmpty().And.EndWith(".");
            var mends = found["mend"]!.AsArray();
            if (found["severity"]!.GetValue<string>() != "fine")
                mends.Should().NotBeEmpty($"{kind}: somebody can do something about it");
            mends.Select(mend => mend!["by"]!.GetValue<string>()).Should().BeSubsetOf(["agent", "human"]);
            mends.Select(mend => mend!["do"]!.GetValue<string>()).Should().NotContain("");
        }

        if (done.NextOperation is { } next)
            next.Should().StartWith(credential.Provider.Name + ".");
    });

    [Fact]
    public async Task Diagnose_EveryBrokenOne_TellsTheWorstFirst() => await OfEach(async (credential, kind) =>
    {
        var findings = DiagnosedCredential.Findings(await credential.Look());
        findings.Select(found => Array.IndexOf(Severities, found["severity"]!.GetValue<string>())).Should().BeInAscendingOrder(kind).And.NotContain(-1);
    });

    [Fact]
    public async Task Diagnose_Danger_ComesFirstAndOffersNothing() => await OfEach(async (credential, kind) =>
    {
        if (!credential.Dangers.Contains(kind))
            return;
        var done = await credential.Look();
        DiagnosedCredential.Verdict(done).Should().Be("danger", kind);
        DiagnosedCredential.Findings(done)[0]["severity"]!.GetValue<string>().Should().Be("danger", kind);
        done.NextOperation.Should().BeNull("{0}: nothing is done with what leads to the wrong place", kind);
    });

    [Fact]
    public async Task Diagnose_AgainAndAgain_IsBoundedOverRestarts() => await OfEach(async (credential, kind) =>
    {
        var before = credential.Attempts;
        for (var turn = 0; turn < 40; turn++)
        {
            await credential.Look();
            if (turn % 5 == 4)
                credential.Restart();
            credential.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        if (!credential.Dangers.Contains(kind))
            (credential.Attempts - before).Should().BeLessThanOrEqualTo(MostFailuresAnHour, kind);
    });

    [Fact]
    public async Task Diagnose_WithinASecond_IsAnsweredFromMemory() => await OfEach(async (credential, kind) =>
    {
        var before = credential.Attempts;
        var first = await credential.Look();
        credential.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await credential.Look();
        (credential.Attempts - before).Should().BeLessThanOrEqualTo(1, kind);
        second.Data["findings"]!.ToJsonString().Should().Be(first.Data["findings"]!.ToJsonString());
        second.NextOperation.Should().Be(first.NextOperation);
    });

    [Fact]
    public async Task Diagnose_ManyAtOnce_ShareOneAttempt() => await OfEach(async (credential, kind) =>
    {
        var before = credential.Attempts;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => credential.Look())));
        (credential.Attempts - before).Should().BeLessThanOrEqualTo(1, kind);
    });

    [Fact]
    public async Task Diagnose_LittleRoom_KeepsTheWorst()
    {
        await using var credential = await Arrange();
        await credential.Breaks.First().Value();
        var whole = await credential.Look();
        var small = await credential.Look(credential.Request with { Limits = credential.Request.Limits with { Bytes = 1024 } });
        Encoding.UTF8.GetByteCount(whole.Data.ToJsonString()).Should().BeLessThanOrEqualTo((int)credential.Request.Limits.Bytes);
        DiagnosedCredential.Findings(small)[0].ToJsonString().Should().Be(DiagnosedCredential.Findings(whole)[0].ToJsonString());
    }

    private async Task OfEach(Func<DiagnosedCredential, string, Task> test)
    {
        IReadOnlyList<string> kinds;
        await using (var any = await Arrange())
            kinds = [.. any.Breaks.Keys];
        foreach (var kind in kinds)
        {
            await using var credential = await Arrange();
            await credential.Breaks[kind]();
            await test(credential, kind);
        }
    }

    private static void ShouldHoldNothingSecret(DiagnosedCredential credential, Execution.Done done)
    {
        foreach (var secret in credential.NeverShown)
            done.Data.ToJsonString().Should().NotContain(secret);
    }
}
