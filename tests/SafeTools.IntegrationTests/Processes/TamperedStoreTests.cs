using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary>A store that was edited, opened to others, misplaced or cannot be written: nothing runs, and somebody is told.</summary>
public sealed class TamperedStoreTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public async Task InitializeAsync() => _human = await Human.Genesis(_workspace);

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Policy_Edited_IsNotServed()
    {
        Workspace.Sql(_workspace.StoreFile, "update policies set document = replace(document, 'delete_volume@production', 'purge_volume@production')").Should().Be(1);

        var ended = await _workspace.Run("serve");

        ended.ExitCode.Should().Be(3, ended.All);
        ended.Error.Should().Contain("ST1804");
        ended.Output.Should().BeEmpty();
        (await _workspace.Run("audit", "verify")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task Policy_PlantedBesideARunningServer_StopsItsCalls()
    {
        await using var agent = await RawSession.Open(_workspace);
        // It answers initialize before it opens the store; a list of tools says that it serves.
        await agent.Tools();
        Workspace.Sql(_workspace.StoreFile, "insert into policies (epoch, document) select 2, replace(document, 'delete_volume@production', 'purge_volume@production') from policies");

        var answer = await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" });
        answer["outcome"]!.GetValue<string>().Should().Be("refused");
        answer["code"]!.GetValue<string>().Should().Be("ST1804");
        (await agent.Call("purge_volume", new JsonObject { ["entry"] = "act-000000000000" }))["code"]!.GetValue<string>().Should().Be("ST1804");
    }

    [Theory]
    [InlineData("update audit set body = replace(body, 'staging', 'local') where kind = 'read.answered'")]
    [InlineData("update audit set principal = 'somebody' where kind = 'read.answered'")]
    [InlineData("delete from audit where kind = 'read.answered'")]
    public async Task Audit_Edited_IsFoundByVerify(string edit)
    {
        await using (var agent = await RawSession.Open(_workspace))
        {
            await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" });
            await agent.Call("query_staging_db", new JsonObject { ["sql"] = "drop table orders" });
            await agent.HangUp();
        }

        (await _workspace.Run("audit", "verify")).ExitCode.Should().Be(0);
        Workspace.Sql(_workspace.StoreFile, "pragma foreign_keys = off; " + edit).Should().BePositive();

        var verified = await _workspace.Run("audit", "verify");
        verified.ExitCode.Should().Be(1, verified.All);
        verified.Output.Should().Contain("does not verify");
    }

    [Fact]
    public async Task StateFolder_OpenToOthers_IsRefused()
    {
        File.SetUnixFileMode(_workspace.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        var ended = await _workspace.Run("serve");

        ended.ExitCode.Should().Be(3, ended.All);
        // The refusal names no path, for it may reach an agent; what to run, on standard error, does.
        var said = ended.Error.Split('\n');
        said[0].Should().Contain("its mode must be 0700").And.NotContain(_workspace.Folder);
        said[1].Should().Be($"Run: chmod 700 {_workspace.State}");
    }

    [Fact]
    public async Task StateFolder_InsideTheWorkspace_IsUsage()
    {
        var inside = Path.Combine(_workspace.Folder, "workspace", "state");
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(
            SafeToolsProgram.CommandLine(["serve", "--config", _workspace.ConfigurationFile, "--state", inside]), Path.Combine(_workspace.Folder, "tmp")));

        ended.ExitCode.Should().Be(2, ended.All);
        Directory.Exists(inside).Should().BeFalse();
    }

    [Fact]
    public async Task Store_ThatCannotBeWritten_RefusesEverythingUntilItCan()
    {
        // The signal of a file that grows beyond its limit would kill; a full disk only refuses.
        var command = SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]);
        var start = SafeToolsProgram.Start(["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", .. command], Path.Combine(_workspace.Folder, "tmp"));
        await using var agent = RawSession.Start(start);
        await agent.Greet("2025-11-25");
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        var ground = _workspace.GroundDigest();

        await LimitFiles(agent, "0");
        var calls = new (string Tool, JsonObject Arguments)[]
        {
            ("query_staging_db", new() { ["sql"] = "select 1" }),
            ("snapshot_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            ("delete_volume", new() { ["volume"] = Workspace.Shared }),
        };
        foreach (var (tool, arguments) in calls)
        {
            var answer = await agent.Call(tool, arguments);
            answer["outcome"]!.GetValue<string>().Should().Be("refused", tool);
            answer["code"]!.GetValue<string>().Should().Be("ST1801");
            answer.ContainsKey("data").Should().BeFalse("no audit, no answer");
        }

        _workspace.GroundDigest().Should().Be(ground);
        string.Concat(agent.Lines).Should().NotContain(_workspace.Folder).And.NotContain("Exception");

        await LimitFiles(agent, "unlimited");
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await _workspace.Actions()).Should().BeEmpty();
    }

    /// <summary>Sets how large a file the server may write (setrlimit(2), RLIMIT_FSIZE), as a full disk would.</summary>
    private async Task LimitFiles(RawSession session, string bytes)
    {
        var start = SafeToolsProgram.Start(["prlimit", "--pid", $"{session.ProcessId}", $"--fsize={bytes}:"], Path.Combine(_workspace.Folder, "tmp"));
        var ended = await SafeToolsProgram.Run(start);
        ended.ExitCode.Should().Be(0, ended.All);
    }
}
