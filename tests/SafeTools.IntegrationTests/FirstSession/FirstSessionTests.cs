using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.FirstSession;

/// <summary>What a new user does, from an empty home folder to a refused deletion, by the steps that the documentation gives. The record is golden.</summary>
[Collection(InstalledProgram.Collection)]
public sealed partial class FirstSessionTests(InstalledProgram installed)
{
    private readonly StringBuilder _record = new();

    private string Policy => Path.Combine(installed.Home, "first-policy");

    private string Registration => Path.Combine(installed.Home, "mcp.json");

    [Fact]
    public async Task FirstSession_FromAnEmptyHome_EndsInARefusedDeletion()
    {
        Record("./install.sh", installed.Said.Output);
        CopyFolder(Path.Combine(NodeClients.Root, "examples", "first-policy"), Policy);
        Note("examples/first-policy is copied to ~/first-policy.");
        await Type("./make-sandbox.sh", Path.Combine(Policy, "make-sandbox.sh"));
        await Type("safetools check", "safetools", "check");
        await Human("safetools approvers enroll alice", ["safetools", "approvers", "enroll", "alice"],
            ("A passphrase of at least 10 characters for the new key:", Support.Human.Passphrase), ("The same again:", Support.Human.Passphrase));
        await Human("safetools accept", ["safetools", "accept"], ("Passphrase of alice:", Support.Human.Passphrase));

        var registered = await installed.Run([Path.Combine(NodeClients.Root, "examples", "register.sh"), "mcp", "--config", Path.Combine(Policy, "safetools.yaml")]);
        registered.ExitCode.Should().Be(0, registered.All);
        await File.WriteAllTextAsync(Registration, registered.Output);
        Record("examples/register.sh mcp --config ~/first-policy/safetools.yaml > ~/mcp.json", registered.Output);

        Note("An agent, in an MCP client that was given ~/mcp.json:");
        var tools = (await Agent("tools/list"))["tools"]!.AsArray();
        Record("(agent) tools/list", string.Concat(tools.Select(tool => $"{tool!["title"]}\n")));
        var read = await Call("orders_by_customer", new() { ["customer"] = "n1" });
        read["outcome"]!.GetValue<string>().Should().Be("executed");
        var wish = new JsonObject { ["volume"] = "scratch", ["reason"] = "Nobody uses it any more." };
        var proposed = await Call("delete_volume", wish);
        proposed["outcome"]!.GetValue<string>().Should().Be("proposed");
        Directory.Exists(Path.Combine(Policy, "sandbox", "volumes", "scratch")).Should().BeTrue();

        Note("The human:");
        var id = proposed["action"]!["id"]!.GetValue<string>();
        await Human("safetools proposals list", ["safetools", "proposals", "list"]);
        await Human($"safetools proposals reject {id} --reason 'Ask the data team first.'", ["safetools", "proposals", "reject", id, "--reason", "Ask the data team first."],
            ("Passphrase of alice:", Support.Human.Passphrase));

        Note("The agent asks again:");
        var refused = await Call("delete_volume", wish);
        refused["outcome"]!.GetValue<string>().Should().Be("refused");
        refused["code"]!.GetValue<string>().Should().Be("ST1402");
        await Type("safetools audit verify", "safetools", "audit", "verify");

        Directory.Exists(Path.Combine(Policy, "sandbox", "volumes", "scratch")).Should().BeTrue("nothing was deleted");
        var record = Normalised();
        record.Should().NotContain(Support.Human.Passphrase);
        Golden.Check("first-session.txt", record);
    }

    private IEnumerable<KeyValuePair<string, string>> Variables =>
        [new("HOME", installed.Home), new("PATH", $"{installed.Bin}:{System.Environment.GetEnvironmentVariable("PATH")}")];

    private async Task Type(string line, params string[] command)
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start([Found(command[0]), .. command[1..]], Policy, Variables));
        ended.ExitCode.Should().Be(0, ended.All);
        Record(line, ended.All);
    }

    private async Task Human(string line, string[] command, params (string Question, string Answer)[] talk)
    {
        var ended = await Typist.Run([Found(command[0]), .. command[1..]], Policy, Variables, talk);
        ended.ExitCode.Should().BeOneOf([0, 3], ended.All);
        Record(line, ended.Output);
    }

    private string Found(string command) => command == "safetools" ? installed.Program : command;

    private async Task<JsonNode> Agent(string method, params string[] more)
    {
        var ended = await NodeClients.Inspect(installed.Home, Registration, "legacy", method, more, Variables);
        return JsonNode.Parse(ended.Output)?["result"] ?? throw new InvalidOperationException(ended.All);
    }

    private async Task<JsonObject> Call(string tool, JsonObject arguments)
    {
        var answer = (await Agent("tools/call", "--tool-name", tool, "--tool-args-json", arguments.ToJsonString()))["structuredContent"]!.AsObject();
        Record($"(agent) {tool} {arguments.ToJsonString()}", answer.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        return answer;
    }

    private void Note(string text) => _record.Append(text).Append("\n\n");

    private void Record(string line, string said) => _record.Append("$ ").Append(line).Append('\n').Append(said.TrimEnd()).Append("\n\n");

    /// <summary>What differs from run to run stands as what it is.</summary>
    private string Normalised()
    {
        var text = _record.ToString().Replace(installed.Home, "~", StringComparison.Ordinal).Replace(NodeClients.Root, "CHECKOUT", StringComparison.Ordinal);
        text = ActionId().Replace(text, "act-9cjfv0mmy34d");
        text = Key().Replace(text, "p256:…");
        text = Instant().Replace(text, "2026-11-22T09:06:13.891Z");
        text = ItemId().Replace(text, "254.0:11658194:1795338373.890956233");
        text = Hash().Replace(text, "…");
        text = StateFolder().Replace(text, "safetools/first-policy-…");
        text = Age().Replace(text, "just now");
        return TrailingSpace().Replace(text, "\n").TrimEnd() + "\n";
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) != "sandbox"))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    [GeneratedRegex("act-[0-9a-z]{12}")]
    private static partial Regex ActionId();

    [GeneratedRegex("p256:[A-Za-z0-9_-]+")]
    private static partial Regex Key();

    [GeneratedRegex(@"2\d{3}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)")]
    private static partial Regex Instant();

    [GeneratedRegex(@"\b\d+\.\d+:\d+:\d+\.\d+")]
    private static partial Regex ItemId();

    [GeneratedRegex("[0-9a-f]{16,64}")]
    private static partial Regex Hash();

    [GeneratedRegex("safetools/first-policy-[0-9a-f]{8}")]
    private static partial Regex StateFolder();

    [GeneratedRegex(@"((less than )?(now|(a|an|\d+) (milli)?(second|minute)s? ago))")]
    private static partial Regex Age();

    [GeneratedRegex("[ \r]+\n")]
    private static partial Regex TrailingSpace();
}
