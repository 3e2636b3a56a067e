using System.Globalization;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Serving;

/// <summary>What a serving process has given up, seen from outside.</summary>
public sealed class HardenedStartTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    private string Temporary => Path.Combine(_workspace.Folder, "tmp");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Environment_OfAServer_HoldsOnlyWhatIsNamed()
    {
        KeyValuePair<string, string>[] variables =
        [
            new("STAGING_TOKEN", "hidden-1"), new("HTTPS_PROXY", "http://hidden-2"), new("http_proxy", "http://hidden-3"), new("SSL_CERT_FILE", "/hidden-4"), new("SSL_CERT_DIR", "/hidden-5"),
            new("LD_LIBRARY_PATH", "/hidden-6"), new("LC_ALL", "C.UTF-8"), new("XDG_DATA_HOME", "/kept-7"),
        ];
        await using var session = RawSession.Start(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]), Temporary, variables));
        await session.Greet("2025-11-25");

        var environment = await File.ReadAllTextAsync($"/proc/{session.ProcessId}/environ");
        environment.Should().NotContain("hidden").And.Contain("LC_ALL=C.UTF-8").And.Contain("XDG_DATA_HOME=/kept-7").And.Contain("HOME=");
        (await session.Call("query_staging_db", new JsonObject { ["sql"] = "select 1 as one" }))["outcome"]!.GetValue<string>().Should().Be("executed");
    }

    /// <summary>Where the endpoint would be shows another verb, which holds nothing and keeps it; one that may hold a passphrase or a credential has none either.</summary>
    [Fact]
    public async Task DiagnosticEndpoint_OfAServer_CannotBeFound()
    {
        await using (var keeper = Typist.Start(_workspace, "secrets", "set", "db"))
        {
            await keeper.Until("The value of db");
            Directory.GetFiles(Temporary, "dotnet-diagnostic-*-socket").Should().BeEmpty();
        }

        await using var other = Typist.Start(_workspace, "demo");
        await Eventually.Get(() => Task.FromResult(Directory.GetFiles(Temporary, "dotnet-diagnostic-*-socket")), found => found.Length > 0);
        await using var session = await RawSession.Open(_workspace);

        var process = session.ProcessId.ToString(CultureInfo.InvariantCulture);
        Directory.GetFiles(Temporary, $"dotnet-diagnostic-{process}-*").Should().BeEmpty();
        Directory.GetFiles(Temporary, $"clr-debug-pipe-{process}-*").Should().BeEmpty();
        Directory.GetFiles("/tmp", $"*-{process}-*-socket").Should().BeEmpty();
    }

    [Fact]
    public async Task Crash_OfAServer_WritesNoDump()
    {
        var command = string.Join(' ', SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]).Select(word => $"'{word}'"));
        await using var session = RawSession.Start(SafeToolsProgram.Start(["sh", "-c", $"ulimit -c unlimited; exec {command}"], Temporary));
        await session.Greet("2025-11-25");
        var process = session.ProcessId.ToString(CultureInfo.InvariantCulture);
        (await File.ReadAllTextAsync($"/proc/{process}/limits")).Should().MatchRegex(@"Max core file size\s+0\s+0\s");
        // What is not dumpable belongs to root in /proc, whoever runs it; as root, the flag itself says so.
        // Sent from outside, the first only gives the signal its default back (the runtime runs on); a fault of its own would come again at once.
        (await TwoUsers.Run("kill", "-SEGV", process)).ExitCode.Should().Be(0);
        await Eventually.Get(() => TwoUsers.Run("kill", "-SEGV", process), sent => sent.ExitCode != 0);
        (await session.Exit()).Should().NotBe(0);
        Directory.EnumerateFiles(Temporary, "*core*").Should().BeEmpty();
    }

    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("COMPlus_DbgEnableMiniDump")]
    [InlineData("DOTNET_EnableEventPipe")]
    public async Task Start_WithAVariableThatOpensTheProcess_Refuses(string variable)
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]), Temporary, [new(variable, "1")]));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain($"The variable {variable}").And.Contain("Start it without that variable.");
    }

    [Theory]
    [InlineData("<&-", "Standard input is closed")]
    [InlineData(">&-", "Standard output is closed")]
    public async Task Start_WithAClosedStream_SaysSo(string redirection, string words)
    {
        var command = string.Join(' ', SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]).Select(word => $"'{word}'"));
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(["sh", "-c", $"exec {command} {redirection}"], Temporary));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain(words).And.Contain("Start it with");
    }
}
