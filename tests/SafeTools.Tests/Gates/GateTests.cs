using SafeTools.Tests.Support;

namespace SafeTools.Tests.Gates;

/// <summary>Every combination of what the gate looks at, against tables written by hand from DESIGN §4.</summary>
public class GateTests
{
    private const EnvironmentLabel L = EnvironmentLabel.Local;
    private const EnvironmentLabel S = EnvironmentLabel.Staging;
    private const EnvironmentLabel P = EnvironmentLabel.Production;

    /// <summary>What the files state, what the preview finds, and what both amount to.</summary>
    private static readonly (Operation Operation, Effect? Raised, string Effect)[] Effects =
    [
        (SampleProvider.Look, null, "read"),
        (SampleProvider.Look, Effect.Reversible, "irreversible"), // nothing is named that takes it back
        (SampleProvider.Look, Effect.Irreversible, "irreversible"),
        (SampleProvider.Label, null, "reversible"),
        (SampleProvider.Label, Effect.Read, "reversible"), // a preview never lowers
        (SampleProvider.Label, Effect.Reversible, "reversible"),
        (SampleProvider.Label, Effect.Irreversible, "irreversible"),
        (SampleProvider.Tweak, null, "irreversible"),
        (SampleProvider.Drop, null, "irreversible"),
        (SampleProvider.Drop, Effect.Read, "irreversible"),
    ];

    /// <summary>Claim, evidence, and where the item counts as being.</summary>
    private static readonly (string Claimed, string[] Evidence, EnvironmentLabel Counts)[] Places =
    [
        ("local", [], P), ("local", ["local"], L), ("local", ["staging"], P), ("local", ["production"], P), ("local", ["unheard"], P), ("local", ["local", "staging"], P),
        ("staging", [], P), ("staging", ["staging"], S), ("staging", ["qa"], S), ("staging", ["staging", "qa"], S), ("staging", ["local"], P),
        ("staging", ["production"], P), ("staging", ["unheard"], P), ("staging", ["staging", "production"], P), ("staging", ["staging", "unheard"], P), ("staging", ["Staging"], P),
        ("qa", [], P), ("qa", ["qa"], S), ("qa", ["staging"], S), ("qa", ["live"], P),
        ("unheard", [], P), ("unheard", ["unheard"], P), ("unheard", ["staging"], P),
        ("production", [], P), ("production", ["production"], P), ("production", ["local"], P), ("production", ["live"], P),
    ];

    /// <summary>A grant and every cell that it covers.</summary>
    private static readonly (string[] Grants, string[] Covers)[] Grants =
    [
        ([], []),
        (["read:*@staging"], ["read@staging"]),
        (["read:*@*"], ["read@local", "read@staging", "read@production"]),
        (["*@*"], ["read@local", "read@staging", "read@production", "reversible@local", "reversible@staging", "reversible@production"]),
        (["*@production"], ["read@production", "reversible@production"]),
        (["tool@*"], ["read@local", "read@staging", "read@production", "reversible@local", "reversible@staging", "reversible@production"]),
        (["tool@production"], ["read@production", "reversible@production", "irreversible@production"]),
        (["tool@qa"], ["read@staging", "reversible@staging", "irreversible@staging"]),
        (["tool@local"], ["read@local", "reversible@local", "irreversible@local"]),
        (["irreversible:tool@production"], ["irreversible@production"]),
        (["reversible:tool@staging", "read:tool@production"], ["reversible@staging", "read@production"]),
        (["other@production", "other@staging", "other@local"], []),
    ];

    private static readonly (RecoveryPoint[] Points, bool Counts)[] Recovery =
    [
        ([], false),
        ([Sample.Point(TimeSpan.FromHours(23))], true),
        ([Sample.Point(TimeSpan.FromHours(25))], false),
        ([Sample.Point(TimeSpan.FromHours(1), isolated: false)], false),
        ([Sample.Point(TimeSpan.FromHours(1), intact: false)], false),
        ([Sample.Point(TimeSpan.FromMinutes(-4))], true), // clocks differ a little
        ([Sample.Point(TimeSpan.FromMinutes(-6))], false),
        ([Sample.Point(TimeSpan.FromHours(1), intact: false), Sample.Point(TimeSpan.FromHours(30)), Sample.Point(TimeSpan.FromHours(2))], true),
    ];

    private static readonly (Freezes Freezes, bool Holds)[] Frozen =
    [
        (Freezes.None, false),
        (new Freezes(false, new HashSet<string> { "agent" }), true),
        (new Freezes(false, new HashSet<string> { "somebody" }), false),
        (new Freezes(true, new HashSet<string> { "*" }), true),
    ];

    private static readonly PolicyRules[] Rules = [new(), new() { Approvals = new Dictionary<EnvironmentLabel, int> { [P] = 2 } }];

    [Fact]
    public void Rule_EveryCombination_IsWhatTheTablesSay()
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var combination in Combinations())
        {
            count++;
            var said = Said(Gate.Rule(combination.Action, combination.Seen, combination.Standing));
            if (said != combination.Expected && wrong.Count < 10)
            {
                wrong.Add($"{combination.Name}: {said}, not {combination.Expected}");
            }
        }

        count.Should().BeGreaterThan(370_000);
        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Rule_IrreversibleInAnyCombination_NeverRuns() =>
        Combinations().Where(one => one.Effect == "irreversible").Any(one => Gate.Rule(one.Action, one.Seen, one.Standing) is Ruling.Run).Should().BeFalse();

    [Theory]
    [InlineData("staging")]
    [InlineData("local")]
    [InlineData("production")]
    [InlineData("unheard")]
    public void Rule_NoEvidenceAtAll_CountsAsProduction(string claimed)
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Label, claimed), Sample.Principal("*@*"));
        Gate.Rule(action, Sample.Seen(), Sample.Standing(Sample.Policy(action.Tool, action.Principal)))
            .Should().BeOfType<Ruling.Ask>().Which.Placement.Environment.Should().Be(P);
    }

    [Fact]
    public void Rule_BlockedWithAToolThatMakesRecoveryPoints_NamesIt()
    {
        var (drop, principal) = (Sample.Tool(SampleProvider.Drop), Sample.Principal("tool@production", "snap@production"));
        var snap = Sample.Tool(SampleProvider.Snapshot, name: "snap") with { Resource = drop.Resource };
        var policy = Sample.Policy(drop, principal) with { Tools = new Dictionary<string, ToolSpec> { ["tool"] = drop, ["snap"] = snap } };
        Gate.Rule(Sample.Action(drop, principal), Sample.Seen("production"), Sample.Standing(policy))
            .Should().BeOfType<Ruling.Ask>().Which.Blocked!.NextTool.Should().Be("snap");
    }

    [Fact]
    public void Rule_BlockedWithAMakerThePrincipalMayNotUse_NamesNone()
    {
        var (drop, principal) = (Sample.Tool(SampleProvider.Drop), Sample.Principal("tool@production"));
        var snap = Sample.Tool(SampleProvider.Snapshot, name: "snap") with { Resource = drop.Resource };
        var policy = Sample.Policy(drop, principal) with { Tools = new Dictionary<string, ToolSpec> { ["tool"] = drop, ["snap"] = snap } };
        Gate.Rule(Sample.Action(drop, principal), Sample.Seen("production"), Sample.Standing(policy))
            .Should().BeOfType<Ruling.Ask>().Which.Blocked!.NextTool.Should().BeNull();
    }

    [Fact]
    public void Rule_DestroyingOperationThatCallsItselfReversible_StillAsks()
    {
        var sly = SampleProvider.Drop with { Floor = Effect.Reversible, Undo = "sample.unlabel" };
        var action = Sample.Action(Sample.Tool(sly, "local"), Sample.Principal("tool@local"));
        Gate.Rule(action, Sample.Seen("local"), Sample.Standing(Sample.Policy(action.Tool, action.Principal))).Should().BeOfType<Ruling.Ask>();
    }

    [Fact]
    public void Rule_EffectOfNoName_DoesNotRun()
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Look, "local"), Sample.Principal("*@*", "tool@local"));
        var seen = Sample.Seen("local") with { Raised = ((Effect)7, "?") };
        var ruling = () => Gate.Rule(action, seen, Sample.Standing(Sample.Policy(action.Tool, action.Principal)));
        ruling.Should().Throw<Exception>();
    }

    [Fact]
    public void Rule_RefusalNamingAnItem_ShowsHiddenCharacters()
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Look, "staging", S), Sample.Principal("*@*"));
        var seen = Sample.Seen("prod\u202Eucer");
        Gate.Rule(action, seen, Sample.Standing(Sample.Policy(action.Tool, action.Principal)))
            .Should().BeOfType<Ruling.Refuse>().Which.Why.Message.Should().NotContain("\u202E");
    }

    private static string Said(Ruling ruling) => ruling switch
    {
        Ruling.Run => "run",
        Ruling.Ask ask => $"ask {ask.Required}{(ask.Blocked is null ? "" : " blocked")}",
        Ruling.Refuse refuse => refuse.Why.Code.Id,
        _ => "?",
    };

    private static string Expected(string effect, EnvironmentLabel at, EnvironmentLabel ceiling, string[] covers, bool destroys, bool recoverable, bool frozen, int epoch, int approvals)
    {
        if (frozen)
        {
            return "ST1203";
        }

        if (epoch == 0 && effect != "read")
        {
            return "ST1204";
        }

        if (at > ceiling)
        {
            return "ST1301";
        }

        var cell = $"{effect}@{at.ToString().ToLowerInvariant()}";
        if (!covers.Contains(cell))
        {
            return "ST1202";
        }

        string[] free = ["read@local", "read@staging", "read@production", "reversible@local", "reversible@staging"];
        return free.Contains(cell) ? "run" : $"ask {(at == P ? approvals : 1)}{(destroys && at == P && !recoverable ? " blocked" : "")}";
    }

    private static IEnumerable<Combination> Combinations()
    {
        foreach (var (operation, raised, effect) in Effects)
        foreach (var (claimed, evidence, at) in Places)
        foreach (var (points, recoverable) in operation.Destroys ? Recovery : Recovery[..1])
        {
            var seen = Sample.Seen(evidence) with { RecoveryPoints = points, Raised = raised is { } to ? (to, "found so") : null };
            foreach (var ceiling in new[] { L, S, P })
            foreach (var (grants, covers) in Grants)
            {
                var action = Sample.Action(Sample.Tool(operation, claimed, ceiling), Sample.Principal(grants));
                foreach (var rules in Rules)
                {
                    var policy = Sample.Policy(action.Tool, action.Principal, rules: rules);
                    foreach (var (freezes, holds) in Frozen)
                    foreach (var epoch in new[] { 0, 1 })
                    {
                        var expected = Expected(effect, at, ceiling, covers, operation.Destroys, recoverable, holds, epoch, rules == Rules[0] ? 1 : 2);
                        var name = $"{operation.Name}/{raised} {claimed}/{string.Join('+', evidence)} under {ceiling} [{string.Join(' ', grants)}] points {points.Length}";
                        yield return new Combination(name, action, seen, Sample.Standing(policy, epoch, freezes), effect, expected);
                    }
                }
            }
        }
    }

    private sealed record Combination(string Name, Action Action, Preview Seen, Standing Standing, string Effect, string Expected);
}
