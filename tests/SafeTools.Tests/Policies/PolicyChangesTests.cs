using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

public sealed class PolicyChangesTests : IDisposable
{
    private const string Main = "safetools.yaml";
    private const string Orders = "tool-specs/orders.yaml";
    private const string Look = "tool-specs/look.yaml";

    private readonly Signer _bob = new("bob");

    public void Dispose() => _bob.Dispose();

    [Theory]
    [InlineData("{ qa: staging, live: production }", "{ qa: staging, live: staging }", "the environment live means staging (was production)")]
    [InlineData("{ qa: staging, live: staging }", "{ qa: staging, live: production }", "the environment live means production (was staging)")]
    [InlineData("{ qa: staging }", "{ qa: staging, live: local }", "the environment live means local (was production)")]
    public void Between_WithAnotherMeaningOfAnEnvironment_SaysItAsLoosening(string before, string after, string expected) =>
        PolicyChanges.Between(With(before), With(after)).Should().Contain(new PolicyChanges.Change(true, expected)).And.OnlyContain(change => change.Loosens);

    [Theory]
    [InlineData("    place: here", "    place: there", "resource box: place: here → there")]
    [InlineData("    place: here", "    place: here\n    root: up", "resource box: root: nothing → /base/up")]
    [InlineData("[a, b]", "[a, c]", "resource box: marks.qa: /base/a, /base/b → /base/a, /base/c")]
    [InlineData("environment: qa", "environment: staging", "resource box: claimed environment: qa → staging")]
    [InlineData("  far:", "  new: { provider: sample, environment: local, place: there, root: up }\n  far:", "new resource new: sample, claimed to be local; place there; root /base/up")]
    [InlineData("provider: other\n", "provider: sample\n    place: there\n", "resource far: provider: other → sample")]
    public void Between_WithAnotherResource_SaysOldAndNewAsLoosening(string text, string by, string expected) =>
        Changes(Main, text, by).Should().Contain(new PolicyChanges.Change(true, expected));

    [Fact]
    public void Between_WithoutAResource_SaysItIsRemoved() =>
        Changes(Main, "  far:\n    provider: other\n    environment: production\n", "").Should().Contain(new PolicyChanges.Change(false, "resource far is removed"));

    [Theory]
    [InlineData(Orders, "statement: select 1", "statement: select 2", "statement select 1 → select 2")]
    [InlineData(Orders, "maximum: 50", "maximum: 51", "parameters ")]
    [InlineData(Look, "rows: 10", "rows: 11", "limits 10 rows, 4096 bytes, 2 s, 60/min → 11 rows, 4096 bytes, 2 s, 60/min")]
    [InlineData(Look, "title: Look", "title: Peek", "title Look → Peek")]
    [InlineData(Look, "resource: box", "resource: twin", "resource box → twin")]
    public void Between_WithAnotherTool_SaysWhatDiffersEvenBesideItsLabel(string file, string text, string by, string expected)
    {
        Line(PolicyChanges.Between(Base(), Edited([(file, text, by)]))).Should().Contain(expected);
        Line(PolicyChanges.Between(Base(), Edited([(file, text, by), (file, "effect: read", "effect: irreversible")])))
            .Should().Contain(expected).And.Contain("effect read → irreversible");
    }

    [Fact]
    public void Between_WithANewPrincipal_NamesItsOwner() =>
        Changes(Main, "  local:\n", "  robot: { owner: dora, grants: [label@staging] }\n  local:\n")
            .Should().Contain(new PolicyChanges.Change(true, "the owner of robot becomes dora (was nobody)"));

    [Fact]
    public void Between_WithAnotherOsUser_SaysBothWays()
    {
        var (alice, bob) = ("  local:\n    os_users: [alice, \"1000\"]\n", "  local:\n    os_users: [bob, \"1000\"]\n");
        PolicyChanges.Between(Edited([(Main, "  local:\n", alice)]), Edited([(Main, "  local:\n", bob)])).Should().Equal(
            new PolicyChanges.Change(true, "the OS user bob is local on the local socket"),
            new PolicyChanges.Change(false, "the OS user alice is no longer local"));
        Changes(Main, "  local:\n", alice).Should().HaveCount(2).And.OnlyContain(change => change.Loosens);
    }

    [Fact]
    public void Between_WithManyPatterns_NamesTheOneOfEverythingFirstAndTheWholeKey()
    {
        var patterns = string.Join(", ", Enumerable.Range(0, 60).Select(number => $"\"*@staging\", \"tool{number}@*\"").Append("\"*@*\""));
        var entry = $"  - {{ name: bob, key: \"{_bob.Key.Text}\", approves: [{patterns}] }}";
        Changes(Main, "approvals:\n", entry + "\napprovals:\n")
            .Should().ContainSingle().Which.Text.Should().StartWith($"new approver bob ({_bob.Key.Text}): approves *@*, ");
        Changes(Main, "approves: [\"*@*\"]", $"approves: [{patterns}]").Should().ContainSingle().Which.Text.Should().StartWith("approver alice becomes alice: approves *@*, ");
    }

    [Theory]
    [InlineData("{ qa: staging }", "{ qa: staging } # quality")]
    [InlineData("environments: { qa: staging }", "environments:\n  qa: staging\n")]
    [InlineData("  max_open_proposals: 5\n  proposal_life: 12h\n", "  proposal_life: 12h\n  max_open_proposals: 5\n")]
    public void Between_WithTheSameTree_SaysOnlyCommentsAndLayout(string text, string by) =>
        Changes(Main, text, by).Should().Equal(new PolicyChanges.Change(false, "only comments and layout"));

    [Fact]
    public void Between_WithTheSameText_IsEmpty() => PolicyChanges.Between(Base(), Base()).Should().BeEmpty();

    [Fact]
    public void Between_WithADifferenceThatHasNoLine_SaysToCompare()
    {
        var expected = new PolicyChanges.Change(true, "something that has no line of its own here; compare the files before you sign");
        Changes(Main, "environments:", "tools: ./tool-specs\nenvironments:").Should().Equal(expected);
        var moved = Files.Load(out _, specs: Files.Specs.ToDictionary(spec => spec.Key.Replace("look", "peek", StringComparison.Ordinal), spec => spec.Value))!;
        PolicyChanges.Between(Files.Load(out _), moved).Should().Equal(expected);
    }

    [Fact]
    public void Between_WithAnySingleEdit_IsNeverEmptyNorCalledComments()
    {
        foreach (var edit in PolicyEdits.All)
        {
            var edited = Edited([edit]);
            foreach (var changes in new[] { PolicyChanges.Between(Base(), edited), PolicyChanges.Between(edited, Base()) })
            {
                changes.Should().NotBeEmpty("{0} was edited to {1}", edit.Text, edit.By);
                changes.Should().NotContain(change => change.Text.Contains("comments") || change.Text.Contains("no line of its own"), "{0} was edited to {1}", edit.Text, edit.By);
            }
        }
    }

    [Fact]
    public void Edits_OfTheSample_TouchEachKey() => PolicyEdits.Untouched().Should().BeEmpty();

    private static Policy With(string environments) => Files.Broken(Main, "{ qa: staging }", environments, out _)!;

    private static IReadOnlyList<PolicyChanges.Change> Changes(string file, string text, string by) => PolicyChanges.Between(Base(), Edited([(file, text, by)]));

    private static string Line(IReadOnlyList<PolicyChanges.Change> changes) => changes.Should().ContainSingle(change => change.Text.StartsWith("tool ")).Which.Text;

    private static Policy Base() => Edited([]);

    private static Policy Edited((string File, string Text, string By)[] edits)
    {
        var files = PolicyEdits.Files();
        foreach (var (file, text, by) in edits)
        {
            files[file].Should().Contain(text);
            files[file] = files[file].Replace(text, by, StringComparison.Ordinal);
        }

        var policy = Files.Load(out var problems, files[Main], files.Where(file => file.Key != Main).ToDictionary());
        problems.Should().BeEmpty("{0} is a valid edit", string.Join(" | ", edits.Select(edit => edit.By)).Replace("{", "{{").Replace("}", "}}"));
        return policy!;
    }
}
