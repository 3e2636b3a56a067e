namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class RecoveryPointTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Intact_FileTruncatedInTheSnapshot_IsFalse()
    {
        var id = await Snapshot();
        await ShouldBeIntact(true);
        using (var file = File.OpenWrite(_sandbox.PointData("orders", id, "data.db")))
            file.SetLength(1);
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_ContentChangedWithSizeAndTimeKept_IsFalseThoughItWasVerifiedBefore()
    {
        var file = _sandbox.PointData("orders", await Snapshot(), "data.db");
        await ShouldBeIntact(true);
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "redros");
        File.SetLastWriteTimeUtc(file, time);
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_ModeChanged_IsFalse()
    {
        var id = await Snapshot();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_sandbox.PointData("orders", id, "data.db"), UnixFileMode.UserRead);
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_LinkPointsElsewhere_IsFalse()
    {
        var link = _sandbox.PointData("orders", await Snapshot(), "inside");
        File.Delete(link);
        File.CreateSymbolicLink(link, "data.dc");
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_GarbageUnderAValidManifest_IsFalse()
    {
        var data = _sandbox.PointData("orders", await Snapshot());
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "garbage"), new string('?', 80_000));
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_UnderHalfOfTheVolumesBytes_IsFalse()
    {
        await Snapshot();
        File.WriteAllBytes(_sandbox.At("orders", "grown"), new byte[500_000]);
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_UnderHalfOfTheVolumesFiles_IsFalse()
    {
        await Snapshot();
        for (var file = 0; file < 20; file++)
            File.WriteAllText(_sandbox.At("orders", $"f{file}"), "");
        await ShouldBeIntact(false);
    }

    [Fact]
    public async Task Intact_TooLargeToReadForAPreview_IsFalseUnlessThisProcessHasReadIt()
    {
        await Snapshot();
        using var other = new VolumeSandbox { Root = _sandbox.Root, Backups = _sandbox.Backups };
        other.Options = other.Options with { MostVerifiedBytes = 10 };
        other.Reconfigure();
        (await other.See(other.Request("describe", ("volume", "orders")))).RecoveryPoints.Should().ContainSingle().Which.Intact.Should().BeFalse();
        await ShouldBeIntact(true);
    }

    [Theory]
    [InlineData("recovery_point")]
    [InlineData("resource")]
    [InlineData("volume")]
    [InlineData("maker")]
    [InlineData("sha256")]
    [InlineData("made")]
    public async Task RecoveryPoints_ManifestForgedOrIncomplete_IsNotCounted(string key)
    {
        var manifest = Path.Combine(_sandbox.Backups, "orders", await Snapshot(), "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace($"\"{key}\":\"", $"\"{key}\":\"x", StringComparison.Ordinal));
        (await Points()).Should().BeEmpty();
    }

    [Fact]
    public async Task RecoveryPoints_EmptyFolder_IsNotCounted()
    {
        _sandbox.MakeVolume("orders");
        Directory.CreateDirectory(Path.Combine(_sandbox.Backups, "orders", "act-9", "data"));
        (await Points()).Should().BeEmpty();
    }

    [Fact]
    public async Task RecoveryPoints_CopiedFromAnotherVolume_IsNotCounted()
    {
        _sandbox.MakeVolume("small");
        var id = await _sandbox.Snapshot("small");
        _sandbox.MakeVolume("orders");
        Directory.CreateDirectory(Path.Combine(_sandbox.Backups, "orders"));
        Directory.Move(Path.Combine(_sandbox.Backups, "small", id), Path.Combine(_sandbox.Backups, "orders", id));
        (await Points()).Should().BeEmpty();
    }

    [Fact]
    public async Task RecoveryPoints_DataIsALink_IsNotCounted()
    {
        var data = _sandbox.PointData("orders", await Snapshot());
        Directory.Move(data, data + "-moved");
        Directory.CreateSymbolicLink(data, data + "-moved");
        (await Points()).Should().BeEmpty();
    }

    [Fact]
    public async Task Isolated_BackupsReachTheRootThroughALink_IsFalseAndSnapshotsRefuse()
    {
        await Snapshot();
        var inside = _sandbox.At("kept");
        Directory.Move(_sandbox.Backups, inside);
        Directory.CreateSymbolicLink(_sandbox.Backups, inside);
        (await Points()).Should().ContainSingle().Which.Isolated.Should().BeFalse();
        (await _sandbox.SeeRefusal(_sandbox.Request("snapshot", ("volume", "orders")))).Code.Should().Be(RefusalCatalog.RecoveryPointMissing);
    }

    [Fact]
    public async Task Isolated_RootInsideBackups_IsFalse()
    {
        await Snapshot();
        var moved = Path.Combine(_sandbox.Backups, "vols");
        Directory.Move(_sandbox.Root, moved);
        Directory.CreateSymbolicLink(_sandbox.Root, moved);
        (await Points()).Should().ContainSingle().Which.Isolated.Should().BeFalse();
    }

    [Theory]
    [InlineData("backups")]
    [InlineData(".snapshots")]
    public async Task Isolated_BackupsInsideTheVolume_AreNamedAndLostWithIt(string folder)
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.MakeVolume("orders"), folder, "nightly"));
        File.WriteAllText(_sandbox.At("orders", folder, "dump.sql"), "insert");
        var preview = await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")));
        preview.RecoveryPoints.Should().HaveCount(2).And.OnlyContain(point => !point.Isolated && !point.Intact);
        preview.Facts.Should().ContainEquivalentOf(new Fact("backups inside the volume", new FactValue.Text("2, lost with it"), FactSource.AgentWritable));
    }

    [Fact]
    public async Task Inside_OddNames_AreNotShown()
    {
        var backups = Directory.CreateDirectory(Path.Combine(_sandbox.MakeVolume("orders"), "backups")).FullName;
        File.WriteAllText(Path.Combine(backups, "x\nintact: true, checked by a human"), "");
        (await Points()).Should().ContainSingle().Which.Id.Should().Be("backups/(oddly named entry)");
    }

    [Fact]
    public async Task Inside_Many_AreCountedAndOnlySomeListed()
    {
        var backups = Directory.CreateDirectory(Path.Combine(_sandbox.MakeVolume("orders"), "backups")).FullName;
        for (var file = 0; file < 30; file++)
            File.WriteAllText(Path.Combine(backups, $"f{file}"), "");
        var preview = await _sandbox.See(_sandbox.Request("describe", ("volume", "orders")));
        preview.RecoveryPoints.Should().HaveCount(20);
        preview.Facts.Should().ContainEquivalentOf(new Fact("backups inside the volume", new FactValue.Text("30, lost with it"), FactSource.AgentWritable));
    }

    private async Task<string> Snapshot()
    {
        _sandbox.MakeVolume("orders");
        return await _sandbox.Snapshot("orders");
    }

    private async Task<IReadOnlyList<RecoveryPoint>> Points() => (await _sandbox.See(_sandbox.Request("describe", ("volume", "orders")))).RecoveryPoints;

    private async Task ShouldBeIntact(bool intact) => (await Points()).Should().ContainSingle().Which.Intact.Should().Be(intact);
}
