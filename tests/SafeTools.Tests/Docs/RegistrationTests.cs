using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Docs;

/// <summary>The files and links that register the server in clients are what <c>examples/register.sh</c> prints, and mean what they say.</summary>
public sealed partial class RegistrationTests
{
    private const string Program = "${userHome}/.local/bin/safetools";
    private const string Configuration = "${userHome}/.config/safetools/safetools.yaml";

    [Theory]
    [InlineData("cursor", "examples/cursor/mcp.json")]
    [InlineData("vscode", "examples/vscode/mcp.json")]
    public void Example_OfAClient_IsWhatTheScriptPrints(string client, string file) => Golden.Matches(Print(client), file);

    [Theory]
    [InlineData("mcp", "mcp.json")]
    [InlineData("claude-desktop", "examples/claude-desktop/claude_desktop_config.json")]
    public void Template_ForEverybody_IsWhatTheScriptPrintsForAPlaceholder(string client, string file) =>
        Golden.Matches(Print(client, "--command", "/usr/local/bin/safetools", "--config", "/etc/safetools/safetools.yaml"), file);

    [Theory]
    [InlineData("cursor-link")]
    [InlineData("vscode-link")]
    public void ClientsPage_HoldsTheLinkThatTheScriptPrints(string client) =>
        File.ReadAllText(Path.Combine(Golden.Root, "docs", "clients.md")).Split('\n').Should().Contain(Print(client).TrimEnd());

    [Theory]
    [InlineData(Program, Configuration)]
    [InlineData("/opt/a b/sa\"fe\\tools", "/srv/naïve & co/100%/日本/safe#tools?.yaml")]
    public void Links_Decoded_AreTheRegistration(string program, string configuration)
    {
        var cursor = new Uri(Print("cursor-link", "--command", program, "--config", configuration).TrimEnd());
        (cursor.Scheme, cursor.Host, cursor.AbsolutePath).Should().Be(("cursor", "anysphere.cursor-deeplink", "/mcp/install"));
        var query = cursor.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        query["name"].Should().Be("safetools");
        Registers(JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(query["config"])))!, program, configuration);

        var code = Print("vscode-link", "--command", program, "--config", configuration).TrimEnd();
        code.Should().MatchRegex(@"^vscode:mcp/install\?[A-Za-z0-9%._~-]+$");
        var server = JsonNode.Parse(Uri.UnescapeDataString(code.Split('?')[1]))!;
        (server["name"]!.GetValue<string>(), server["type"]!.GetValue<string>()).Should().Be(("safetools", "stdio"));
        Registers(server, program, configuration);
    }

    [Theory]
    [InlineData("mcp", "--config", "safetools.yaml")]
    [InlineData("mcp", "--command", "safetools")]
    [InlineData("cursor", "--config", "./safetools.yaml")]
    [InlineData("cursor", "--config", "/a\nb")]
    [InlineData("emacs", "--config", "/a")]
    [InlineData("mcp", "--configuration", "/a")]
    public void Script_OfWhatCannotBeRegistered_Refuses(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        code.Should().Be(2);
        output.Should().BeEmpty();
        error.Should().Contain("register.sh: ");
    }

    [Theory]
    [InlineData("cursor")]
    [InlineData("vscode")]
    [InlineData("mcp")]
    public void Script_WithFoldersOfTheUsersOwn_NamesThese(string client)
    {
        var (code, output, error) = Run([client], ("HOME", "/srv/alice"), ("XDG_CONFIG_HOME", "/srv/config"));
        code.Should().Be(0, error);
        output.Should().Contain("\"/srv/config/safetools/safetools.yaml\"").And.Contain("\"/srv/alice/.local/bin/safetools\"").And.NotContain("userHome");
    }

    [Fact]
    public void Script_WithoutAHome_AsksForThePaths()
    {
        var (code, output, error) = Run(["mcp"], ("HOME", null));
        code.Should().Be(2);
        output.Should().BeEmpty();
        error.Should().Contain("HOME is not set. Name the program: --command FILE");
        Run(["mcp", "--command", "/a"], ("HOME", null)).Error.Should().Contain("--config FILE");
        Run(["mcp", "--command", "/a", "--config", "/b"], ("HOME", null)).Code.Should().Be(0);
    }

    /// <summary>A folder may hold more than this script made.</summary>
    [Fact]
    public void Uninstall_OfAFolderWithOtherThings_TakesOnlyWhatInstallMade()
    {
        var prefix = Directory.CreateTempSubdirectory("safetools-").FullName;
        try
        {
            var lib = Path.Combine(prefix, "lib", "safetools");
            foreach (var folder in new[] { "0.1.0-0123456789ab", ".new-Ab12", "mine", "0.1.0-rc", "0.1.0-aaaaaaaaaaaa" })
            {
                Directory.CreateDirectory(Path.Combine(lib, folder));
            }

            File.WriteAllText(Path.Combine(lib, "0.1.0-0123456789ab", "safetools"), "");
            Directory.CreateDirectory(Path.Combine(prefix, "bin"));
            File.CreateSymbolicLink(Path.Combine(prefix, "bin", "safetools"), "../lib/safetools/0.1.0-0123456789ab/safetools");

            Uninstall(prefix).Output.Should().StartWith("Removed safetools");
            Directory.GetFileSystemEntries(lib).Select(Path.GetFileName).Should().BeEquivalentTo("mine", "0.1.0-rc", "0.1.0-aaaaaaaaaaaa");
            Directory.GetFileSystemEntries(Path.Combine(prefix, "bin")).Should().BeEmpty();
            Uninstall(prefix).Output.Should().StartWith("Nothing was installed");
            Uninstall(prefix, "--package", prefix).Should().Match<(int Code, string Output, string Error)>(ended => ended.Code == 1 && ended.Error.Contains("do not go together"));
        }
        finally
        {
            Directory.Delete(prefix, recursive: true);
        }
    }

    private static (int Code, string Output, string Error) Uninstall(string prefix, params string[] more) => Ended(new ProcessStartInfo(Path.Combine(Golden.Root, "install.sh"), ["--uninstall", "--prefix", prefix, .. more]));

    /// <summary>One that runs from sources would be built from what the agent edits.</summary>
    [Fact]
    public void Registrations_EveryOne_StartTheInstalledProgramOnAnAbsoluteConfiguration()
    {
        var files = new[] { "mcp.json", "examples/cursor/mcp.json", "examples/claude-desktop/claude_desktop_config.json", "examples/vscode/mcp.json" };
        foreach (var file in files)
        {
            var root = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.Root, file)))!;
            var server = (root["mcpServers"] ?? root["servers"])!["safetools"]!;
            server["command"]!.GetValue<string>().Should().MatchRegex(@"^(/|\$\{userHome\}/).*/bin/safetools$");
            server["args"]![0]!.GetValue<string>().Should().Be("serve");
            server["args"]![1]!.GetValue<string>().Should().Be("--config");
            server["args"]![2]!.GetValue<string>().Should().MatchRegex(@"^(/|\$\{userHome\}/)");
        }
    }

    [Fact]
    public void Versions_OfProgramPackageAndBundle_AreOne()
    {
        var version = VersionPrefix().Match(File.ReadAllText(Path.Combine(Golden.Root, "Directory.Build.props"))).Groups[1].Value;
        var package = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.Root, "src/SafeTools.Server/.mcp/server.json")))!;
        var bundle = JsonNode.Parse(File.ReadAllText(Path.Combine(Golden.Root, "packaging/mcpb/manifest.json")))!;
        package["version"]!.GetValue<string>().Should().Be(version);
        package["packages"]![0]!["version"]!.GetValue<string>().Should().Be(version);
        bundle["version"]!.GetValue<string>().Should().Be(version);
        Server.ThisBuild.Version.Should().Be(version);
    }

    private static void Registers(JsonNode server, string program, string configuration)
    {
        server["command"]!.GetValue<string>().Should().Be(program);
        server["args"]!.AsArray().Select(argument => argument!.GetValue<string>()).Should().Equal("serve", "--config", configuration);
    }

    private static string Print(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        code.Should().Be(0, error);
        return output;
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(Golden.Root, "examples", "register.sh"), arguments);
        foreach (var (name, value) in variables.Prepend(("XDG_BIN_HOME", null)).Prepend(("XDG_CONFIG_HOME", null)))
        {
            start.Environment[name] = value;
        }

        return Ended(start);
    }

    private static (int Code, string Output, string Error) Ended(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [GeneratedRegex("<VersionPrefix>([^<]+)</VersionPrefix>")]
    private static partial Regex VersionPrefix();
}
