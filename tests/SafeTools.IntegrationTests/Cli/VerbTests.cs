using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Cli;

/// <summary>Verbs that need no key, their JSON and their exit codes (DESIGN §6).</summary>
public sealed class VerbTests : IDisposable
{
    private static readonly string[][] Verbs =
    [
        [], ["serve"], ["demo"], ["init"], ["init", "postgres"], ["check"], ["doctor"], ["accept"], ["approvers"], ["approvers", "list"], ["approvers", "enroll"], ["approvers", "remove"], ["proposals"], ["proposals", "list"],
        ["proposals", "show"], ["proposals", "approve"], ["proposals", "reject"], ["audit"], ["audit", "tail"], ["audit", "verify"], ["audit", "export"], ["undo"], ["freeze"], ["unfreeze"],
    ];

    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Help_OfEveryVerb_IsWhatWasReviewed()
    {
        var text = new System.Text.StringBuilder();
        foreach (var verb in Verbs)
        {
            var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine([.. verb, "--help"]), Path.Combine(_workspace.Folder, "tmp")));
            ended.ExitCode.Should().Be(0);
            text.Append("$ safetools ").AppendJoin(' ', [.. verb, "--help"]).Append('\n').Append(ended.Output.TrimEnd()).Append("\n\n");
        }

        Golden.Check("help.txt", text.ToString().TrimEnd() + "\n");
    }

    [Fact]
    public async Task Check_OfTheShippedSpecs_TriesEveryExample()
    {
        var specs = Directory.GetFiles(Path.Combine(_workspace.Folder, "workspace", "tool-specs"), "*.yaml", SearchOption.AllDirectories).Length;
        var ended = await _workspace.Run("check");

        ended.ExitCode.Should().Be(0, ended.All);
        ended.Output.Should().StartWith($"{specs} tools, 3 resources, 2 principals. Examples: ").And.EndWith(" right, 0 wrong, 0 not tried.\n");
        Directory.Exists(_workspace.State).Should().BeFalse("check needs no store");
    }

    [Theory]
    [InlineData("effect: irreversible", "effect: read", "delete_volume.yaml")]
    [InlineData("operation: localvolume.delete", "operation: localvolume.obliterate", "delete_volume.yaml")]
    [InlineData("tool: delete_volume", "tool: delete_volume\ntool: delete_volume", "delete_volume.yaml")]
    [InlineData("expect: { refused: ST1102 }", "expect: executed", "delete_volume.yaml")]
    public async Task Check_OfAFaultySpec_NamesFileAndLineAndExitsWith1(string right, string wrong, string file)
    {
        var path = $"workspace/tool-specs/localvolume/{file}";
        _workspace.Write(path, File.ReadAllText(Path.Combine(_workspace.Folder, path)).Replace(right, wrong, StringComparison.Ordinal));
        var ended = await _workspace.Run("check");

        ended.ExitCode.Should().Be(1, ended.All);
        ended.Output.Should().MatchRegex(@"tool-specs/localvolume/delete_volume\.yaml:\d+: ");
        var json = JsonNode.Parse((await _workspace.Run("check", "--json")).Output.Split('\n')[0])!;
        json["line"]!.GetValue<int>().Should().BePositive();
    }

    [Fact]
    public async Task Freeze_Unsigned_StopsAtOnceAndOnlyASignatureLiftsIt()
    {
        using var human = await Human.GenesisWithKeyFile(_workspace);
        await using var agent = await RawSession.Open(_workspace);
        var frozen = await _workspace.Run("freeze", "local");
        frozen.ExitCode.Should().Be(0, frozen.All);
        frozen.Output.Should().Be("local is frozen. An approver lifts it with: safetools unfreeze local\n");
        (await agent.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["code"]!.GetValue<string>().Should().Be("ST1203");
        (await _workspace.Run("freeze", "loacl")).ExitCode.Should().Be(2, "a typing error must not look like a freeze");

        var lifted = await Typist.Run(_workspace, ["unfreeze", "local"], ("Passphrase of dana:", Human.Passphrase));
        lifted.ExitCode.Should().Be(0, lifted.Output);
        (await agent.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["outcome"]!.GetValue<string>().Should().Be("proposed");
    }

    [Fact]
    public async Task Audit_TailVerifyExport_SayWhatHappenedInTextAndJson()
    {
        using var human = await Human.Genesis(_workspace);
        await using (var agent = await RawSession.Open(_workspace))
        {
            await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" });
            await agent.Call("query_staging_db", new JsonObject { ["sql"] = "drop table orders" });
            await agent.HangUp();
        }

        var tail = await _workspace.Run("audit", "tail", "-n", "2");
        tail.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        tail.Output.Should().Contain("read.answered").And.Contain("ST1602");
        var entries = (await _workspace.Run("audit", "export")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        entries.Should().HaveCount((await _workspace.Audit()).Count).And.OnlyContain(line => JsonNode.Parse(line, default, default)!["hash"] != null);
        var verified = JsonNode.Parse((await _workspace.Run("audit", "verify", "--json")).Output)!;
        verified["whole"]!.GetValue<bool>().Should().BeTrue();
        verified["entries"]!.GetValue<long>().Should().Be(entries.Length);
        verified["anchored"]!.GetValue<long>().Should().BePositive();
    }

    [Fact]
    public async Task Approvers_ListAndRemove_ChangeFilesOnly()
    {
        using var human = await Human.Genesis(_workspace);
        using var other = Human.Enrol(_workspace, "erin");
        var list = await _workspace.Run("approvers", "list");
        list.Output.Should().MatchRegex("dana .*accepted").And.MatchRegex("erin .*waits for accept");
        var json = (await _workspace.Run("approvers", "list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        json.Select(line => JsonNode.Parse(line)!["name"]!.GetValue<string>()).Should().Equal("dana", "erin");

        (await _workspace.Run("approvers", "remove", "dana")).ExitCode.Should().Be(0);
        (await _workspace.Run("approvers", "list")).Output.Should().MatchRegex("dana .*accepted", "removing takes effect by accept alone");
        (await _workspace.Run("approvers", "remove", "nobody")).ExitCode.Should().Be(1);
    }

    [Theory]
    [InlineData(2, "no-such-verb")]
    [InlineData(2, "proposals", "approve")]
    [InlineData(2, "proposals", "approve", "act-000000000000", "--passphrase", "x")]
    [InlineData(2, "audit", "verify")]
    [InlineData(2, "serve", "--principal", "nobody")]
    [InlineData(2, "init")]
    [InlineData(2, "init", "postgres", "--role", "pg_agent")]
    [InlineData(2, "init", "postgres", "--mask", "customers.card")]
    [InlineData(2, "doctor", "--resource", "nowhere")]
    [InlineData(3, "undo", "act-000000000000")]
    [InlineData(3, "proposals", "show", "act-000000000000")]
    public async Task ExitCode_OfWhatCannotBeDone_IsAsDesigned(int code, params string[] arguments)
    {
        var ended = await _workspace.Run(arguments);

        ended.ExitCode.Should().Be(code, ended.All);
        ended.All.Should().NotContain("Exception").And.NotContain("   at ");
    }

    [Fact]
    public async Task Init_OfPostgres_PrintsTheWholeTextAndNeedsNoFiles()
    {
        File.Delete(_workspace.ConfigurationFile);
        var ended = await _workspace.Run("init", "postgres", "--role", "agent", "--schema", "shop", "--schema", "stock", "--mask", "shop.customers.card", "--environment", "staging", "--database", "shop");

        ended.ExitCode.Should().Be(0, ended.All);
        ended.Error.Should().BeEmpty();
        ended.Output.Should().StartWith("-- SafeTools: makes \"agent\" a role").And.Contain("SET LOCAL safetools.schemas = '[\"shop\",\"stock\"]';").And.EndWith("-- Then: safetools doctor\n");
        JsonNode.Parse((await _workspace.Run("init", "postgres", "--json")).Output)!["sql"]!.GetValue<string>().Should().Contain("safetools_agent");
        Directory.Exists(_workspace.State).Should().BeFalse();
    }

    [Fact]
    public async Task Doctor_WithoutCredentials_HasNothingToProveAndNeedsNoStore()
    {
        var ended = await _workspace.Run("doctor");

        ended.ExitCode.Should().Be(0, ended.All);
        ended.Output.Should().Contain("staging-db (sqlite): it has no credential to prove.");
        Directory.Exists(_workspace.State).Should().BeFalse();
    }

    [Fact]
    public async Task Configuration_Missing_IsUsage()
    {
        File.Delete(_workspace.ConfigurationFile);
        (await _workspace.Run("serve")).ExitCode.Should().Be(2);
        (await _workspace.Run("check")).ExitCode.Should().Be(2);
        (await _workspace.Run("doctor")).ExitCode.Should().Be(2);
        Directory.Exists(_workspace.State).Should().BeFalse();
    }

    [Fact]
    public async Task Home_ThatDoesNotExistYet_IsWhereStateIsMade()
    {
        var home = Path.Combine(_workspace.Folder, "new", "home");
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(
            SafeToolsProgram.CommandLine(["approvers", "list", "--config", _workspace.ConfigurationFile]), Path.Combine(_workspace.Folder, "tmp"), [new("HOME", home)]));
        ended.ExitCode.Should().Be(0, ended.All);
        Directory.GetDirectories(Path.Combine(home, ".local", "state", "safetools")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("check")]
    [InlineData("approvers", "list")]
    public async Task Configuration_ThatIsAFolder_IsCalledOne(params string[] verb)
    {
        var folder = Path.GetDirectoryName(_workspace.ConfigurationFile)!;
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine([.. verb, "--config", folder]), Path.Combine(_workspace.Folder, "tmp")));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain($"{folder} is a folder.").And.Contain(_workspace.ConfigurationFile);
    }

    [Theory]
    [InlineData("tools: ./tool-specs", "tools: ./missing", "'missing' does not exist. 'tools:' names it.")]
    [InlineData("tools: ./tool-specs", "", "'tool-specs' does not exist. It is where specs are looked for")]
    public async Task Check_WithoutTheFolderOfSpecs_HidesNoFaultOfTheConfiguration(string old, string now, string missing)
    {
        _workspace.Edit(old, now + "\ncolour: blue");
        Directory.Move(Path.Combine(_workspace.Folder, "workspace", "tool-specs"), Path.Combine(_workspace.Folder, "away"));
        var ended = await _workspace.Run("check");
        ended.ExitCode.Should().Be(1, ended.All);
        ended.Output.Should().Contain("colour").And.Contain(missing).And.NotContain("matches no tool");

        _workspace.Edit("colour: blue", "colour: [blue");
        ended = await _workspace.Run("check");
        ended.ExitCode.Should().Be(1, ended.All);
        ended.Output.Should().MatchRegex(@"^safetools\.yaml:\d+: ").And.NotContain("does not exist");
    }

    [Fact]
    public async Task Check_OfUsersOfTheSystem_NotesTheUnknownAndRefusesRoot()
    {
        _workspace.Edit("  local:\n", "  local:\n    os_users: [nobodyofthatname]\n");
        var ended = await _workspace.Run("check");
        ended.ExitCode.Should().Be(0, ended.All);
        ended.Error.Should().Contain("os_users names 'nobodyofthatname', whom this system does not have.");

        _workspace.Edit("[nobodyofthatname]", "[root]");
        ended = await _workspace.Run("check");
        ended.ExitCode.Should().Be(1, ended.All);
        ended.Output.Should().Contain("The principal 'local' has the OS user 'root', who is root");
    }

    [Theory]
    [InlineData("bogus", "After 'safetools' stands one of: serve, ")]
    [InlineData("proposals bogus", "After 'proposals' stands one of: list, show, approve, reject.")]
    public async Task Command_ThatThereIsNot_IsNamedFirst(string line, string then)
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(line.Split(' ')), Path.Combine(_workspace.Folder, "tmp")));
        ended.ExitCode.Should().Be(2);
        ended.Error.Should().StartWith($"'bogus' is no command. {then}");
    }
}
