using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Packaging;

/// <summary>The program as people install it: one trimmed file. IL warnings are errors in that build, so that none can creep in.</summary>
[Collection(InstalledProgram.Collection)]
public sealed class InstallTests(InstalledProgram installed) : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""" + "\n";

    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Install_FromAnotherFolder_SaysWhatItDidAndWhatComesNext()
    {
        installed.Said.Output.Should().Contain($"Installed safetools {Version()}: {installed.Program}")
            .And.Contain($"{installed.Bin} is not on your PATH").And.Contain($"{installed.Program} demo")
            .And.Contain($"\"command\": \"{installed.Program}\"").And.Contain($"\"--config\", \"{installed.Home}/.config/safetools/safetools.yaml\"");
        installed.Said.All.Should().NotContain("warning IL");
        var link = new FileInfo(installed.Program).LinkTarget!;
        link.Should().StartWith("../lib/safetools/", "the folder can be moved as a whole");
        Directory.EnumerateFileSystemEntries(Path.Combine(installed.Home, ".local", "lib", "safetools")).Should().ContainSingle();
        Directory.EnumerateFiles(Path.Combine(installed.Bin, Path.GetDirectoryName(link)!)).Select(Path.GetFileName).Should().BeEquivalentTo("safetools", "libe_sqlite3.so");
        Directory.EnumerateFileSystemEntries(Path.Combine(NodeClients.Root, "src"), "*.lock.json", SearchOption.AllDirectories).Should().HaveCount(6, "a lock file each, and one each for linux-x64");
    }

    [Fact]
    public async Task Demo_OfTheInstalledProgram_LosesNothing()
    {
        var told = await installed.Run([installed.Program, "demo", "--script"]);
        told.ExitCode.Should().Be(0, told.All);
        told.Output.Should().Contain("Nothing was lost.");
    }

    [Fact]
    public async Task InstalledProgram_ThroughItsLink_AnswersInitialize()
    {
        using var human = await Human.Genesis(_workspace);
        (await Greeting(installed.Program)).Should().Be("safetools " + Version());
    }

    [Fact]
    public async Task Install_IntoAPlaceWithAStrangersProgram_LeavesItAlone()
    {
        var prefix = Path.Combine(_workspace.Folder, "prefix");
        Directory.CreateDirectory(Path.Combine(prefix, "bin"));
        await File.WriteAllTextAsync(Path.Combine(prefix, "bin", "safetools"), "not ours");
        foreach (var arguments in new[] { new[] { "--prefix", prefix }, ["--uninstall", "--prefix", prefix] })
        {
            var ended = await installed.Install(arguments);
            ended.ExitCode.Should().Be(1);
            ended.Error.Should().Contain("this script did not make it").And.Contain("--prefix DIR");
        }

        (await File.ReadAllTextAsync(Path.Combine(prefix, "bin", "safetools"))).Should().Be("not ours");
    }

    [Theory]
    [InlineData("nothing", "the .NET 10 SDK is not installed")]
    [InlineData("#!/bin/sh\n[ \"$1\" = --list-sdks ] && echo '8.0.100 [/usr/lib/dotnet/sdk]' && exit 0\nexit 145\n", "found: 8.0.100")]
    [InlineData("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho 'error NU1301: Unable to load the service index'\nexit 1\n", "the package registry cannot be reached")]
    [InlineData("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho 'error : No space left on device'\nexit 1\n", "the disk is full")]
    [InlineData("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho 'error CS0000: a fault of ours'\nexit 1\n", "a fault of ours")]
    public async Task Install_WhatCannotWork_SaysWhyAndChangesNothing(string dotnet, string why)
    {
        // A checkout of its own: the build's log must not mix with that of the real one.
        var checkout = Path.Combine(_workspace.Folder, "checkout");
        Directory.CreateDirectory(Path.Combine(checkout, "examples"));
        File.Copy(Path.Combine(NodeClients.Root, "install.sh"), Path.Combine(checkout, "install.sh"));
        var path = Path.Combine(_workspace.Folder, "path");
        Directory.CreateDirectory(path);
        foreach (var tool in new[] { "bash", "sh", "dirname", "uname", "mkdir", "grep", "tail", "cut", "tr", "rm", "readlink", "cat" })
        {
            File.CreateSymbolicLink(Path.Combine(path, tool), File.Exists($"/bin/{tool}") ? $"/bin/{tool}" : $"/usr/bin/{tool}");
        }

        if (dotnet.StartsWith('#'))
        {
            var fake = Path.Combine(path, "dotnet");
            await File.WriteAllTextAsync(fake, dotnet);
            File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var prefix = Path.Combine(_workspace.Folder, "prefix");
        var ended = await installed.Run([Path.Combine(checkout, "install.sh"), "--prefix", prefix], [new("PATH", path)]);
        ended.ExitCode.Should().Be(1, ended.All);
        ended.Error.Should().Contain(why);
        Directory.Exists(prefix).Should().BeFalse();
    }

    /// <summary>Again, over what runs: nobody is interrupted, and nothing is left over. And away again.</summary>
    [Fact]
    public async Task Install_Again_ReplacesARunningProgramAndUninstallRemovesIt()
    {
        var prefix = Path.Combine(_workspace.Folder, "prefix");
        var first = await installed.Install("--prefix", prefix);
        first.ExitCode.Should().Be(0, first.All);
        var program = Path.Combine(prefix, "bin", "safetools");
        var place = new FileInfo(program).LinkTarget;
        // Another version was there before, and it is running.
        var old = Path.Combine(prefix, "lib", "safetools", "0.0.1-000000000000");
        Directory.Move(Path.GetDirectoryName(Path.GetFullPath(Path.Combine(prefix, "bin", place!)))!, old);
        File.Delete(program);
        File.CreateSymbolicLink(program, "../lib/safetools/0.0.1-000000000000/safetools");
        using var human = await Human.Genesis(_workspace);
        var running = RawSession.Start(SafeToolsProgram.Start([program, "serve", .. _workspace.Options], Path.Combine(_workspace.Folder, "tmp")));
        await using var _ = running;
        await running.Greet("2025-11-25");

        (await installed.Install("--prefix", prefix)).Output.Should().Contain("Installed safetools");
        new FileInfo(program).LinkTarget.Should().Be(place);
        Directory.EnumerateFileSystemEntries(Path.Combine(prefix, "lib", "safetools")).Should().ContainSingle();
        (await running.ToolNames()).Should().Contain("query_staging_db");
        (await running.HangUp()).Should().Be(0);
        (await installed.Install("--prefix", prefix)).Output.Should().Contain("is installed already");

        var gone = await installed.Install("--uninstall", "--prefix", prefix);
        gone.ExitCode.Should().Be(0, gone.All);
        Directory.EnumerateFiles(prefix, "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task ToolPackage_InstalledByDotnetTool_Serves()
    {
        var folder = Path.Combine(_workspace.Folder, "packages");
        var packed = await installed.Install("--package", folder);
        packed.ExitCode.Should().Be(0, packed.All);
        packed.Output.Should().Contain($"SafeTools.{Version()}.nupkg");
        using (var package = System.IO.Compression.ZipFile.OpenRead(Path.Combine(folder, $"SafeTools.{Version()}.nupkg")))
        {
            Text(package, "SafeTools.nuspec").Should().Contain("""<packageType name="McpServer" />""").And.Contain("""<packageType name="DotnetTool" />""");
            JsonNode.Parse(Text(package, ".mcp/server.json"))!["packages"]![0]!["identifier"]!.GetValue<string>().Should().Be("SafeTools");
            Text(package, "README.md").Should().Contain("<!-- mcp-name: dev.safetools/safetools -->");
        }

        var tools = Path.Combine(_workspace.Folder, "tools");
        // A cache of its own: the real one must not remember a package that was never published.
        var added = await installed.Run(
            ["dotnet", "tool", "install", "SafeTools", "--tool-path", tools, "--source", folder, "--version", Version()],
            [new("NUGET_PACKAGES", Path.Combine(_workspace.Folder, "cache"))]);
        added.ExitCode.Should().Be(0, added.All);
        using var human = await Human.Genesis(_workspace);
        (await Greeting(Path.Combine(tools, "safetools"))).Should().Be("safetools " + Version());
    }

    [Fact]
    public async Task Bundle_PackedByTheOfficialPacker_HoldsAProgramThatServes()
    {
        var bundle = Path.Combine(_workspace.Folder, "safetools.mcpb");
        var packed = await installed.Run([Path.Combine(NodeClients.Root, "packaging", "mcpb", "build.sh"), bundle, installed.Program], [new("MCPB", NodeClients.Packer)]);
        packed.ExitCode.Should().Be(0, packed.All);

        var unpacked = Path.Combine(_workspace.Folder, "unpacked");
        (await installed.Run([NodeClients.Packer, "unpack", bundle, unpacked])).ExitCode.Should().Be(0);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(unpacked, "manifest.json")))!;
        var server = manifest["server"]!["mcp_config"]!;
        server["args"]!.ToJsonString().Should().Be("""["serve","--config","${user_config.configuration}"]""");
        using var human = await Human.Genesis(_workspace);
        (await Greeting(server["command"]!.GetValue<string>().Replace("${__dirname}", unpacked, StringComparison.Ordinal))).Should().Be("safetools " + Version());
    }

    private async Task<string> Greeting(string program)
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start([program, "serve", .. _workspace.Options], Path.Combine(_workspace.Folder, "tmp")), Initialize);
        var server = JsonNode.Parse(ended.Output.Split('\n')[0])?["result"]?["serverInfo"] ?? throw new InvalidOperationException(ended.All);
        return $"{server["name"]} {server["version"]}";
    }

    private static string Version() => Server.ThisBuild.Version;

    private static string Text(System.IO.Compression.ZipArchive package, string entry)
    {
        using var reader = new StreamReader(package.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }
}
