using System.Text;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>Names that would lead elsewhere, and things that are not what they were.</summary>
public sealed class VolumeNameTests : IAsyncLifetime
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
    public async Task Name_ThatLeadsElsewhere_RefusesInEveryTool()
    {
        Directory.CreateSymbolicLink(_workspace.Volume("link"), Path.Combine(_workspace.Folder, "deploy"));
        File.CreateSymbolicLink(_workspace.Volume("file-link"), Path.Combine(_workspace.Folder, "staging.db"));
        _workspace.Write("volumes/plain-file", "no volume\n");
        var ground = _workspace.GroundDigest();
        string[] names =
        [
            "..", ".", "./orders-data", "a/../orders-data", "../volumes/orders-data", "/etc", _workspace.Volume(Workspace.Shared), "orders-data/", "orders-data/pgdata",
            ".safetools", "", " ", "orders-data ", "orders\\data", "or\u0001ders", "\u202eatad-sredro", "orders\u200bdata", "ordérs", "link", "file-link", "plain-file", "no-such-volume",
        ];
        // One session for each tool: its calls are counted by minute.
        await using var session = await RawSession.Open(_workspace);
        foreach (var name in names)
        {
            var refused = await session.Call("describe_volume", new JsonObject { ["volume"] = name });
            refused["outcome"]!.GetValue<string>().Should().Be("refused", name);
            refused["code"]!.GetValue<string>().Should().BeOneOf("ST1102", "ST1501", "ST1502", "ST1701");
            refused.ToJsonString().Should().NotContain(_workspace.Folder);
        }

        foreach (var name in new[] { "..", "a/../orders-data", "link", "\u202eatad-sredro", "or\u0001ders", ".safetools" })
        {
            var refused = await session.Call("delete_volume", new JsonObject { ["volume"] = name });
            refused["outcome"]!.GetValue<string>().Should().Be("refused", name);
            refused["code"]!.GetValue<string>().Should().BeOneOf("ST1102", "ST1501", "ST1502", "ST1701");
        }

        (await session.Call("list_proposals", []))["data"]!["proposals"]!.AsArray().Should().BeEmpty();
        _workspace.GroundDigest().Should().Be(ground);
        string.Concat(session.Lines).EnumerateRunes().Should().NotContain(rune => Rune.IsControl(rune) || rune.Value == 0x202e || rune.Value == 0x200b, "what is repeated is made visible");
    }

    [Fact]
    public async Task Volume_ReplacedBetweenApprovalAndExecution_IsStaleAndUntouched()
    {
        string id;
        await using (var session = await RawSession.Open(_workspace))
        {
            id = (await session.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["action"]!["id"]!.GetValue<string>();
            await session.HangUp();
        }

        await _human.Approve(id);
        Directory.Move(_workspace.Volume(Workspace.Staging), Path.Combine(_workspace.Folder, "aside"));
        _workspace.Write($"volumes/{Workspace.Staging}/precious.txt", "somebody's new data\n");
        var ground = _workspace.GroundDigest();

        await using var next = await RawSession.Open(_workspace);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Stale);
        var seen = await next.Call("get_proposal", new JsonObject { ["id"] = id });
        seen["code"]!.GetValue<string>().Should().Be("ST1303");
        _workspace.GroundDigest().Should().Be(ground);
    }

    [Fact]
    public async Task Volume_NamedByProductionBetweenApprovalAndExecution_IsStaleAndUntouched()
    {
        string id;
        await using (var session = await RawSession.Open(_workspace))
        {
            id = (await session.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["action"]!["id"]!.GetValue<string>();
            await session.HangUp();
        }

        await _human.Approve(id);
        _workspace.Write("deploy/production.env", $"DATA_VOLUME={Workspace.Shared}\nMORE={Workspace.Staging}\n");

        await using var next = await RawSession.Open(_workspace);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Stale);
        File.Exists(Path.Combine(_workspace.Volume(Workspace.Staging), "notes.txt")).Should().BeTrue();
    }
}
