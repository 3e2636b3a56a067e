using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Http;

/// <summary><c>safetools connect URL</c>: a stdio client sees the same server in every era.</summary>
public sealed class ConnectTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;
    private HttpServer _server = null!;

    public static TheoryData<string> Eras => ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", RawSession.Modern];

    public async Task InitializeAsync()
    {
        _human = await Human.Genesis(_workspace);
        _server = await HttpServer.Start(_workspace);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _human.Dispose();
        _workspace.Dispose();
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Session_OfEveryEra_IsAsOverStandardInput(string era)
    {
        await using var session = _server.Connect();
        var greeting = (await session.Greet(era))["result"]!;
        greeting["instructions"]!.GetValue<string>().Should().Contain("a human decides outside this connection");
        Golden.Check("../Mcp/tools-list.json", RawSession.Text((await session.Request("tools/list", []))["result"]!["tools"]!) + "\n");
        (await session.Call("query_staging_db", new JsonObject { ["sql"] = "select value from settings" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await session.Call("query_staging_db", new JsonObject { ["sql"] = "delete from settings" }))["code"]!.GetValue<string>().Should().Be("ST1602");
        (await session.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["outcome"]!.GetValue<string>().Should().Be("proposed");
        var (unknown, ungranted) = (await session.CallRaw("no_such_tool", []), await session.CallRaw("purge_volume", []));
        unknown["error"]!["code"]!.GetValue<int>().Should().Be(-32602);
        ungranted["error"]!.ToJsonString().Replace("purge_volume", "no_such_tool", StringComparison.Ordinal).Should().Be(unknown["error"]!.ToJsonString());

        (await session.HangUp()).Should().Be(0);
        session.Lines.Should().OnlyContain(line => JsonNode.Parse(line, default, default)!["jsonrpc"]!.GetValue<string>() == "2.0", "standard output carries the protocol alone");
        session.StandardError.Should().BeEmpty();
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(RawSession.Modern)]
    public async Task Snapshot_WithAProgressToken_StreamsHowFarItIs(string era)
    {
        File.WriteAllBytes(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin"), new byte[16 * 1024 * 1024]);
        await using var session = _server.Connect();
        await session.Greet(era);
        var parameters = new JsonObject { ["name"] = "snapshot_scratch_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Staging } };
        var answer = await session.Answer(await session.Begin("tools/call", parameters, progressToken: "how-far"));

        RawSession.Structured(answer)["outcome"]!.GetValue<string>().Should().Be("executed");
        (await session.Notification("notifications/progress"))["params"]!["progressToken"]!.GetValue<string>().Should().Be("how-far");
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(RawSession.Modern)]
    public async Task Wait_Cancelled_LetsTheNextCallThrough(string era)
    {
        await using var session = _server.Connect();
        await session.Greet(era);
        var id = (await session.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["action"]!["id"]!.GetValue<string>();
        var waiting = await session.Begin("tools/call", new JsonObject { ["name"] = "get_proposal", ["arguments"] = new JsonObject { ["id"] = id, ["wait_seconds"] = 49 } });
        await session.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = waiting } });

        (await session.Call("describe_access", []))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await session.HangUp()).Should().Be(0);
        session.Lines.Should().NotContain(line => line.Contains($"\"id\":{waiting},", StringComparison.Ordinal), "nobody waits for it");
    }

    [Fact]
    public async Task Accept_InAnotherProcess_IsAnnounced()
    {
        await using var session = _server.Connect();
        await session.Greet("2025-11-25");
        await session.ToolNames();
        _workspace.Edit("- delete_volume@production", "- delete_volume@production\n      - purge_volume@production");
        (await _human.Accept()).Should().BeNull();

        await session.Notification("notifications/tools/list_changed");
        await Eventually.Get(session.ToolNames, names => names.Contains("purge_volume"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/mcp", "No server answers at http://127.0.0.1:9/mcp")]
    [InlineData("http://safetools.example/mcp", "without TLS. Use its https:// address")]
    [InlineData("http://user:secret@127.0.0.1/mcp", "is no address of a server")]
    [InlineData("ftp://127.0.0.1", "is no address: write unix:")]
    public async Task Connect_ToAnAddressThatCannotBe_SaysWhy(string address, string words)
    {
        var ended = await SafeToolsProgram.Run(
            SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["connect", address]), Path.GetTempPath()), """{"jsonrpc":"2.0","id":1,"method":"ping"}""" + "\n");
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain(words);
        ended.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("http://0.0.0.0:8620", "may be reached from other machines")]
    [InlineData("http://192.0.2.1:8620", "may be reached from other machines")]
    [InlineData("http://safetools.example:8620", "may be reached from other machines")]
    [InlineData("https://127.0.0.1:8620", "speaks no TLS itself")]
    [InlineData("127.0.0.1:8620", "is no address to listen at")]
    [InlineData("http://127.0.0.1:8620/other", "The path is always /mcp")]
    public async Task Serve_AtAnAddressThatCannotBe_SaysWhy(string address, string words)
    {
        var ended = await _workspace.Run("serve", "--http", address);
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain(words);
    }

    [Fact]
    public async Task Serve_WhereAnotherListens_SaysSo()
    {
        var ended = await _workspace.Run("serve", "--http", _server.Url.GetLeftPart(UriPartial.Authority));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain("Nothing can listen at");
    }

    [Fact]
    public async Task Serve_WithAnotherHostName_AnswersToItToo()
    {
        await using var named = await HttpServer.Start(_workspace, 0, "--host", "safetools.example");
        (await named.Requests.Modern("tools/list", null, new KeyValuePair<string, string>("Host", "safetools.example"))).Status.Should().Be(200);
        (await named.Requests.Modern("tools/list", null, new KeyValuePair<string, string>("Host", "evil.example"))).Status.Should().Be(403);
    }
}
