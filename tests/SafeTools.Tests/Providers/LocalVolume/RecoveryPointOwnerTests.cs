using System.Text.Json.Nodes;

namespace SafeTools.Tests.Providers.LocalVolume;

/// <summary>Whose copy a recovery point is: of exactly one folder, made through exactly one resource.</summary>
public sealed class RecoveryPointOwnerTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public RecoveryPointOwnerTests() => _sandbox.MakeVolume("orders");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Intact_OfAnEarlierVolumeOfThisName_IsFalseUntilANewSnapshot()
    {
        await _sandbox.Snapshot("orders");
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        _sandbox.MakeVolume("orders");
        var point = (await Points("delete", ("volume", "orders"))).Should().ContainSingle().Subject;
        point.Intact.Should().BeFalse();
        point.Place.Should().Contain("of another folder that had this name");
        await _sandbox.Snapshot("orders");
        (await Points("delete", ("volume", "orders"))).Where(found => found.Intact).Should().ContainSingle().Which.Id.Should().Be("act-2");
    }

    [Fact]
    public async Task Intact_AfterARestore_NeedsANewSnapshot()
    {
        var id = await _sandbox.Snapshot("orders");
        await _sandbox.Do("restore", ("volume", "orders"), ("recovery_point", id));
        (await Points("delete", ("volume", "orders"))).Should().ContainSingle().Which.Intact.Should().BeFalse();
    }

    [Fact]
    public async Task Intact_OfAQuarantinedFolder_IsTrueThoughItsNameWasTakenAndCopiedOften()
    {
        var id = await _sandbox.Snapshot("orders");
        var deleted = await _sandbox.Do("delete", ("volume", "orders"));
        _sandbox.MakeVolume("orders");
        var newer = await _sandbox.Snapshot("orders");
        for (var made = 1; made < 25; made++)
            CopyPoint(newer, $"more-{made}");
        var points = await Points("purge", ("quarantined", deleted.Data["quarantined"]!.GetValue<string>()));
        points.Where(point => point.Intact).Select(point => point.Id).Should().Equal(id);
    }

    [Fact]
    public async Task RecoveryPoints_ManyMore_AreCountedAndOnlyTheNewestListed()
    {
        await _sandbox.Snapshot("orders");
        for (var made = 1; made < 25; made++)
        {
            CopyPoint("act-1", $"more-{made}");
            Forge($"more-{made}", json => json["made"] = VolumeSandbox.Now.AddDays(-made).ToString("O"));
        }
        var preview = await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")));
        preview.RecoveryPoints.Select(point => point.Id).Should().Equal(["act-1", .. Enumerable.Range(1, 19).Select(made => $"more-{made}")]);
        preview.Facts.Should().Contain(new Fact("recovery points", new FactValue.Count(25), FactSource.Provider))
            .And.Contain(new Fact("recovery points not listed", new FactValue.Count(5), FactSource.Provider));
    }

    [Fact]
    public async Task RecoveryPoints_MadeThroughAnotherResource_AreNotCounted()
    {
        await _sandbox.Snapshot("orders");
        var request = _sandbox.Request("delete", ("volume", "orders"));
        (await _sandbox.See(Elsewhere(request))).RecoveryPoints.Should().BeEmpty();
        (await _sandbox.See(request)).RecoveryPoints.Should().ContainSingle().Which.Intact.Should().BeTrue();
    }

    [Fact]
    public async Task RecoveryPoints_WithoutAResource_AreNotCounted()
    {
        Forge(await _sandbox.Snapshot("orders"), json => json.Remove("resource"));
        (await Points("delete", ("volume", "orders"))).Should().BeEmpty();
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("discard_snapshot")]
    public async Task Preview_PointOfAnotherResource_IsNoSuchItem(string operation)
    {
        var id = await _sandbox.Snapshot("orders");
        var request = _sandbox.Request(operation, ("volume", "orders"), ("recovery_point", id));
        (await _sandbox.SeeRefusal(Elsewhere(request))).Code.Should().Be(RefusalCatalog.NoSuchItem);
    }

    [Fact]
    public async Task KeepSnapshot_PointOfAnotherResource_IsNoSuchItem()
    {
        var made = await _sandbox.Do("snapshot", ("volume", "orders"));
        var request = _sandbox.UndoRequest((await _sandbox.Undo(made.Undo!)).Undo!);
        (await _sandbox.SeeRefusal(Elsewhere(request))).Code.Should().Be(RefusalCatalog.NoSuchItem);
        await _sandbox.Do(request);
    }

    private static OperationRequest Elsewhere(OperationRequest request) => request with { Resource = request.Resource with { Name = "staging" } };

    private async Task<IReadOnlyList<RecoveryPoint>> Points(string operation, params (string Name, string Value)[] arguments) =>
        (await _sandbox.See(_sandbox.Request(operation, arguments))).RecoveryPoints;

    /// <summary>A second point with the same content, as another action would have made it.</summary>
    private void CopyPoint(string id, string copy)
    {
        var folder = Path.Combine(_sandbox.Backups, "orders", copy);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.Copy(Path.Combine(_sandbox.Backups, "orders", id, "manifest.json"), Path.Combine(folder, "manifest.json"));
        Forge(copy, json => json["recovery_point"] = copy);
    }

    private void Forge(string id, System.Action<JsonObject> change)
    {
        var file = Path.Combine(_sandbox.Backups, "orders", id, "manifest.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }
}
