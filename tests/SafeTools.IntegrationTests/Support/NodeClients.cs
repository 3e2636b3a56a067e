using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace SafeTools.IntegrationTests.Support;

/// <summary>The clients that npm knows, pinned in <c>tests/clients</c> and installed there by <c>./test.sh</c>.</summary>
internal static class NodeClients
{
    public static string Root { get; } = FindRoot();

    private static string Folder { get; } = Path.Combine(Root, "tests", "clients");

    /// <summary>A file that registers the everyday build as clients read it.</summary>
    public static string Register(Workspace workspace)
    {
        var command = SafeToolsProgram.CommandLine(["serve", .. workspace.Options]);
        return Register(workspace, new JsonObject { ["command"] = command[0], ["args"] = JsonValues.Array(command.Skip(1)) });
    }

    /// <summary>A file that registers a server over HTTP.</summary>
    public static string Register(Workspace workspace, Uri url) => Register(workspace, new JsonObject { ["type"] = "streamable-http", ["url"] = url.AbsoluteUri });

    private static string Register(Workspace workspace, JsonObject server)
    {
        var file = Path.Combine(workspace.Folder, "tmp", "mcp.json");
        File.WriteAllText(file, new JsonObject { ["mcpServers"] = new JsonObject { ["safetools"] = server } }.ToJsonString());
        return file;
    }

    /// <summary>A client of the TypeScript SDK; what it saw, line by line.</summary>
    /// <param name="registration">What <see cref="Register(Workspace)"/> or its like wrote.</param>
    public static async Task<IReadOnlyList<JsonObject>> Walk(Workspace workspace, string sdk, string era, string answer, JsonArray steps, string? registration = null)
    {
        var ended = await Node(Path.Combine(workspace.Folder, "tmp"), [Path.Combine(Folder, "walk.mjs"), sdk, era, answer, registration ?? Register(workspace), steps.ToJsonString()]);
        ended.ExitCode.Should().Be(0, ended.All);
        return [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>The Inspector's command line; its JSON and exit code. Its own files stay in the folder given.</summary>
    public static Task<Ended> Inspect(string folder, string registration, string era, string method, IEnumerable<string> more, IEnumerable<KeyValuePair<string, string>>? variables = null) =>
        Node(
            folder,
            [Path.Combine(Folder, "node_modules", ".bin", "mcp-inspector"), "--cli", "--config", registration, "--server", "safetools", "--protocol-era", era, "--format", "json", "-q", "--method", method, .. more],
            variables);

    public static Task<Ended> Node(string folder, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? variables = null) =>
        SafeToolsProgram.Run(SafeToolsProgram.Start(["node", .. arguments], folder, [new("HOME", folder), .. variables ?? []]));

    public static string Packer => Path.Combine(Folder, "node_modules", ".bin", "mcpb");

    /// <summary>The repository: three folders above this file's.</summary>
    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
