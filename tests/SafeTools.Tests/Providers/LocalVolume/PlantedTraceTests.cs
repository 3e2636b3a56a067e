using System.Text.Json.Nodes;
using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

/// <summary>Whoever may write the folders lays traces of actions that never ran.</summary>
public sealed class PlantedTraceTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public PlantedTraceTests() => _sandbox.MakeVolume("orders");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Delete_PlantedEntry_IsNotDoneWhileTheVolumeIsThere()
    {
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        PlantEntry(ticket, "orders");
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Failed>();
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NameTaken);
        Directory.Exists(_sandbox.At("orders")).Should().BeTrue();
    }

    [Fact]
    public async Task Delete_PlantedEntryAndVolumeGone_IsUnknown()
    {
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        PlantEntry(ticket, "orders");
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Delete_EntryOfAnotherVolume_IsUnknown()
    {
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        PlantEntry(ticket, "other");
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Unknown>();
    }

    [Theory]
    [InlineData("resource", "staging")]
    [InlineData("identity", "0.1:2:3.000000004")]
    [InlineData("maker", "somebody")]
    [InlineData("recovery_point", "act-9")]
    [InlineData("sha256", "0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Snapshot_PlantedPoint_IsUnknown(string key, string value)
    {
        var ticket = await Made();
        var file = Path.Combine(_sandbox.Backups, "orders", ticket.ActionId, "manifest.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json[key] = value;
        File.WriteAllText(file, json.ToJsonString());
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Unknown>();
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Snapshot_EmptyFolderOfTheActionsName_IsUnknown()
    {
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        Directory.CreateDirectory(Path.Combine(_sandbox.Backups, "orders", ticket.ActionId));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Snapshot_ContentReplaced_IsUnknown()
    {
        var ticket = await Made();
        File.WriteAllText(_sandbox.PointData("orders", ticket.ActionId, "data.db"), "forged");
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Snapshot_ItsOwnPoint_IsDone() =>
        (await _sandbox.Provider.Probe(await Made(), CancellationToken.None)).Should().BeOfType<Execution.Done>();

    private async Task<Ticket> Made()
    {
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Done>();
        return ticket;
    }

    /// <summary>All that a true entry has, but it holds another folder.</summary>
    private void PlantEntry(Ticket ticket, string volume)
    {
        var entry = _sandbox.Quarantined(ticket.ActionId);
        Directory.CreateDirectory(Path.Combine(entry, "data"));
        using var folder = OpenFolder.At(entry)!;
        var meta = new QuarantineMeta(ticket.ActionId, "localvolume.delete", volume, folder.Status("data")!.Value.Identity.ToString(), null, VolumeSandbox.Now, []);
        File.WriteAllText(Path.Combine(entry, "meta.json"), meta.ToJson().ToJsonString());
    }
}
