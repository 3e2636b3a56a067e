using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

/// <summary>Each fault names the file, the line and what to write instead.</summary>
public class PolicyLoaderTests
{
    [Fact]
    public void Load_WithoutFault_HoldsWhatWasWritten()
    {
        var policy = Files.Load(out var problems)!;
        problems.Should().BeEmpty();
        policy.Tools.Keys.Should().BeEquivalentTo("look", "label", "drop", "orders");
        policy.Resources["box"].Environment.Should().Be("qa");
        policy.Resources["box"].Settings.PathsByEnvironment("marks")["qa"].Should().Equal("/base/a", "/base/b");
        policy.Principals["local"].Owner.Should().Be("olga");
        policy.Approvers.Should().ContainSingle().Which.ApprovesEverything.Should().BeTrue();
        policy.Rules.ProposalLife.Should().Be(TimeSpan.FromHours(12));
        policy.Rules.RequireRecoveryPoint.Should().BeEquivalentTo(new Dictionary<EnvironmentLabel, TimeSpan>
        {
            [EnvironmentLabel.Staging] = TimeSpan.FromHours(48),
            [EnvironmentLabel.Production] = TimeSpan.FromHours(24),
        });
    }

    [Theory]
    [InlineData("policy:\n", "colour: red\npolicy:\n", 25, "no key 'colour'. Known:")]
    [InlineData("max_open_proposals: 5", "max_open: 5", 26, "no key 'max_open'")]
    [InlineData("    place: here", "    place: here\n    plaice: x", 7, "no key 'plaice'")]
    [InlineData("    place: here\n", "", 4, "lacks 'place'")]
    [InlineData("place: here", "place: nowhere", 4, "is no place")]
    [InlineData("place: here", "place: [here]", 6, "must be one value")]
    [InlineData("provider: sample", "provider: smaple", 4, "must be one of other, sample")]
    [InlineData("    provider: sample\n", "", 4, "lacks 'provider'")]
    [InlineData("environment: qa", "environment: prod", 5, "'environment: prod' is not known")]
    [InlineData("{ qa: staging }", "{ qa: stage }", 1, "'qa' must be mapped onto")]
    [InlineData("{ qa: staging }", "{ qa: staging, staging: local }", 1, "has its meaning already")]
    [InlineData("{ qa: staging }", "[qa]", 1, "must be a map")]
    [InlineData("      qa: [a, b]", "      uq: [a, b]", 8, "'uq' is no environment")]
    [InlineData("[a, b]", "a", 8, "must be a list of paths")]
    [InlineData("      - \"read:*@staging\"", "      - \"read:*@stage\"", 16, "is no grant: write")]
    [InlineData("      - label@staging", "      - label", 17, "is no grant")]
    [InlineData("      - label@staging", "      - write:label@staging", 17, "is no grant")]
    [InlineData("      - label@staging", "      - label@staging@local", 17, "is no grant")]
    [InlineData("      - label@staging", "      - \"irreversible:*@production\"", 17, "where no irreversible tool is meant")]
    [InlineData("      - label@staging", "      - \"irreversible:drop@*\"", 17, "where no irreversible tool is meant")]
    [InlineData("      - label@staging", "      - lable@staging", 17, "matches no tool")]
    [InlineData("      - label@staging", "      - label@production", 17, "matches no tool")]
    [InlineData("      - label@staging", "      - \"drop@*\"", 17, "matches no tool")]
    [InlineData("      - label@staging", "      - \"read:label@staging\"", 17, "matches no tool")]
    [InlineData("      - label@staging", "      - [x]", 17, "must be a list of plain values")]
    [InlineData("  local:\n", "  local:\n    os_users: [\"al ice\"]\n", 14, "is no user of the operating system")]
    [InlineData("  local:\n", "  local:\n    os_users: [4294967295]\n", 14, "is no user of the operating system")]
    [InlineData("  local:\n", "  local:\n    os_users: [007]\n", 14, "is no user of the operating system")]
    [InlineData("  local:\n", "  local:\n    os_users: alice\n", 14, "must be a list")]
    [InlineData("  local:\n", "  local:\n    os_users: [alice, alice]\n", 14, "stands twice")]
    [InlineData("  local:\n", "  other:\n    os_users: [alice]\n  local:\n    os_users: [alice]\n", 16, "The OS user 'alice' stands twice")]
    [InlineData("  local:", "  human:", 14, "the person at the command line")]
    [InlineData("  local:", "  \"lo cal\":", 14, "is no name for a principal")]
    [InlineData("name: alice", "name: \"al ice\"", 20, "is no name for a person")]
    [InlineData("    approves: [\"*@*\"]", "    approves: [\"*\"]", 22, "is no pattern")]
    [InlineData("    approves: [\"*@*\"]", "    approves: [\"*@qa\"]", 22, "is no pattern")]
    [InlineData("key: \"p256:axfR", "key: \"p256:axfr", 21, "is not a public key")]
    [InlineData("    approves: [\"*@*\"]", "    approves: [\"*@*\"]\n  - { name: bob, key: \"" + Files.Key + "\", approves: [\"*@*\"] }", 23, "same key stands twice")]
    [InlineData("    approves: [\"*@*\"]", "    approves: [\"*@*\"]\n  - bob", 23, "An approver is a map")]
    [InlineData("production: 1", "production: 0", 24, "a whole number from 1 to 9")]
    [InlineData("production: 1", "production: one", 24, "a whole number from 1 to 9")]
    [InlineData("production: 1", "prod: 1", 24, "no key 'prod'")]
    [InlineData("proposal_life: 12h", "proposal_life: 31d", 27, "at most 30d")]
    [InlineData("proposal_life: 12h", "proposal_life: 12", 27, "such as 24h")]
    [InlineData("staging: 48h", "production: 100000d", 29, "at most 30d")]
    [InlineData("max_open_proposals: 5", "max_open_proposals: 0", 26, "from 1 to 1000")]
    [InlineData("max_open_proposals: 5", "console: http://safetools.example", 26, "'console' is an address")]
    [InlineData("max_open_proposals: 5", "console: javascript:alert(1)", 26, "'console' is an address")]
    [InlineData("max_open_proposals: 5", "console: https://safetools.example/?id=act-9cjfv0mmy34d", 26, "'console' is an address")]
    [InlineData("max_open_proposals: 5", "console: \"https://safetools.example@elsewhere.example\"", 26, "'console' is an address")]
    [InlineData("max_open_proposals: 5", "console: /console", 26, "'console' is an address")]
    public void Load_FaultInTheConfiguration_NamesLineAndRemedy(string text, string by, int line, string remedy)
    {
        Files.Broken("safetools.yaml", text, by, out var problems).Should().BeNull();
        problems.Should().Contain(problem => problem.File == "safetools.yaml" && problem.Line == line && problem.Message.Contains(remedy, StringComparison.Ordinal), Listed(problems));
        problems.Select(problem => problem.ToString()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Load_TheSameToolTwice_NamesBothFiles()
    {
        var specs = Files.Specs.Append(KeyValuePair.Create("tool-specs/z.yaml", "# twice\n" + Files.Look)).ToDictionary();
        Files.Load(out var problems, specs: specs).Should().BeNull();
        problems.Should().ContainSingle().Which.ToString().Should().Be("tool-specs/z.yaml:2: The tool 'look' stands in tool-specs/look.yaml already.");
    }

    [Fact]
    public void Load_SeveralFaults_ListsThemAll()
    {
        Files.Load(out var problems, Files.Configuration.Replace("name: alice", "name: alice\n    age: 7", StringComparison.Ordinal).Replace("production: 1", "production: x", StringComparison.Ordinal)).Should().BeNull();
        problems.Should().HaveCount(2);
    }

    [Fact]
    public void Document_OfAPolicy_GivesBackSourceApproversAndSigners()
    {
        var policy = Files.Load(out _)!;
        var document = PolicyDocument.Of(policy);
        CanonicalJson.Text(PolicyDocument.Source(document).ToJson()).Should().Be(CanonicalJson.Text(policy.Source.ToJson()));
        PolicyDocument.Approvers(document).Should().BeEquivalentTo(policy.Approvers);
        PolicyDocument.Signers(document).Should().Be(1);
    }

    [Fact]
    public void Document_OfANewerBuild_Throws()
    {
        var read = () => PolicyDocument.Source("""{"version":2}""");
        read.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("tools: ./elsewhere\n", "./elsewhere")]
    [InlineData("principals: {}\n", "./tool-specs")]
    [InlineData("tools: [", "./tool-specs")]
    public void ToolsFolder_WhetherNamedOrNot_IsKnown(string configuration, string folder) => PolicyLoader.ToolsFolder(configuration).Should().Be(folder);

    private static string Listed(IEnumerable<Problem> problems) => string.Join(" | ", problems).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
