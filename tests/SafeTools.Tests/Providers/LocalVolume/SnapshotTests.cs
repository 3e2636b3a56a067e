using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class SnapshotTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Snapshot_Volume_CopiesBytesModesTimesAndLinksAsLinks()
    {
        var before = VolumeSandbox.Tree(_sandbox.MakeVolume("orders"));
        VolumeSandbox.Tree(_sandbox.PointData("orders", await _sandbox.Snapshot("orders"))).Should().Be(before);
    }

    [Fact]
    public async Task Snapshot_LinkToOutside_CopiesNothingOfTheOutside()
    {
        _sandbox.MakeVolume("orders");
        await _sandbox.Snapshot("orders");
        Directory.EnumerateFiles(_sandbox.Backups, "precious.txt", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Should().BeEmpty();
    }

    [Fact]
    public async Task Snapshot_Whole_IsIntactIsolatedAndMadeNow()
    {
        _sandbox.MakeVolume("orders");
        var id = await _sandbox.Snapshot("orders");
        var point = await Point("orders");
        point.Id.Should().Be(id);
        point.Made.Should().Be(VolumeSandbox.Now);
        point.Maker.Should().Be("safetools");
        point.Intact.Should().BeTrue();
        point.Isolated.Should().BeTrue();
        point.IsolationReason.Should().Contain("not a disk failure");
    }

    [Fact]
    public Task Snapshot_FileWrittenWhileCopying_Fails() =>
        ShouldRefuse(RefusalCatalog.ChangedWhileReading, Moment.Copied, () => File.AppendAllText(_sandbox.At("orders", "data.db"), "more"));

    [Fact]
    public Task Snapshot_FileAppearsWhileCopying_Fails() =>
        ShouldRefuse(RefusalCatalog.ChangedWhileReading, Moment.Copied, () => File.WriteAllText(_sandbox.At("orders", "deep", "new"), ""));

    [Fact]
    public Task Snapshot_SameSizeAndTimeButOtherContent_Fails() => ShouldRefuse(RefusalCatalog.ChangedWhileReading, Moment.Copied, () =>
    {
        var (file, time) = (_sandbox.At("orders", "data.db"), File.GetLastWriteTimeUtc(_sandbox.At("orders", "data.db")));
        File.WriteAllText(file, "redros");
        File.SetLastWriteTimeUtc(file, time);
    });

    [Fact]
    public Task Snapshot_FolderBecomesALinkWhileCopying_Fails() => ShouldRefuse(RefusalCatalog.ChangedWhileReading, Moment.Copying, () =>
    {
        Directory.Move(_sandbox.At("orders", "deep"), _sandbox.At("elsewhere"));
        Directory.CreateSymbolicLink(_sandbox.At("orders", "deep"), _sandbox.Outside);
    });

    [Fact]
    public async Task Snapshot_Crash_LeavesAPartialThatIsNoRecoveryPointAndTheNextCleansUp()
    {
        var partial = Path.Combine(_sandbox.Backups, "orders", "act-0.partial", "data");
        Directory.CreateDirectory(partial);
        File.WriteAllText(Path.Combine(partial, "half"), "");
        _sandbox.MakeVolume("orders");
        (await _sandbox.See(_sandbox.Request("describe", ("volume", "orders")))).RecoveryPoints.Should().BeEmpty();
        await _sandbox.Snapshot("orders");
        Directory.EnumerateDirectories(Path.Combine(_sandbox.Backups, "orders")).Select(Path.GetFileName).Should().Equal("act-1");
    }

    [Fact]
    public async Task Snapshot_CancelledWhileCopying_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (moment == Moment.Copying) cancellation.Cancel(); } };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        await FluentActions.Awaiting(() => _sandbox.Execute(ticket, cancellation.Token)).Should().ThrowAsync<OperationCanceledException>();
        Directory.EnumerateFileSystemEntries(Path.Combine(_sandbox.Backups, "orders")).Should().BeEmpty();
    }

    [Fact]
    public async Task Snapshot_WouldUseTheReserve_RefusesBeforeCopying()
    {
        _sandbox.Options = _sandbox.Options with { ReserveBytes = 1000, Space = _ => (70_000 + 1000, 1_000_000) };
        _sandbox.MakeVolume("orders");
        (await _sandbox.SeeRefusal(_sandbox.Request("snapshot", ("volume", "orders")))).Code.Should().Be(RefusalCatalog.NotEnoughSpace);
        Directory.EnumerateFileSystemEntries(_sandbox.Backups).Should().BeEmpty();
    }

    [Fact]
    public void NoRoomFor_LargeDisk_KeepsTheShareFree()
    {
        var options = new LocalVolumeOptions(TimeProvider.System) { Space = _ => (60L << 30, 1000L << 30) };
        options.NoRoomFor(11L << 30, "anywhere")!.Code.Should().Be(RefusalCatalog.NotEnoughSpace);
        options.NoRoomFor(9L << 30, "anywhere").Should().BeNull();
    }

    [Fact]
    public async Task Snapshot_DiskFillsMeanwhile_FailsAndLeavesNothing()
    {
        var full = false;
        _sandbox.Options = _sandbox.Options with
        {
            ReserveBytes = 1,
            Space = _ => full ? (0, 100) : (long.MaxValue, long.MaxValue),
            Reached = moment => full |= moment == Moment.Copying,
        };
        File.WriteAllBytes(Path.Combine(_sandbox.MakeVolume("orders"), "big"), new byte[40 * 1024 * 1024]);
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NotEnoughSpace);
        Directory.EnumerateFileSystemEntries(Path.Combine(_sandbox.Backups, "orders")).Should().BeEmpty();
    }

    [Fact]
    public async Task Snapshot_Socket_RefusesInsteadOfLeavingItOut()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_sandbox.MakeVolume("orders"), "s")));
        (await _sandbox.SeeRefusal(_sandbox.Request("snapshot", ("volume", "orders")))).Code.Should().Be(RefusalCatalog.NotAVolume);
    }

    [Fact]
    public async Task Snapshot_AnotherIsRunning_FailsAndLeavesItsPartialAlone()
    {
        var partial = Directory.CreateDirectory(Path.Combine(_sandbox.Backups, "orders", "other.partial")).FullName;
        using var held = OpenFolder.At(Path.Combine(_sandbox.Backups, "orders"))!;
        held.TryLock().Should().BeTrue();
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        Directory.Exists(partial).Should().BeTrue();
    }

    [Fact]
    public async Task Snapshot_Progress_GrowsToTheVolumesSize()
    {
        _sandbox.MakeVolume("orders");
        var seen = new Collected();
        await _sandbox.Provider.Execute(await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders"))), seen, CancellationToken.None);
        seen.Values.Should().BeInAscendingOrder(progress => progress.Done).And.NotBeEmpty();
        seen.Values[^1].Done.Should().Be(seen.Values[^1].Total);
    }

    private async Task ShouldRefuse(RefusalCode code, Moment when, System.Action change)
    {
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (moment == when) change(); } };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("snapshot", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(code);
        Directory.EnumerateFileSystemEntries(Path.Combine(_sandbox.Backups, "orders")).Should().BeEmpty("no half of a copy stays");
    }

    private async Task<RecoveryPoint> Point(string volume) =>
        (await _sandbox.See(_sandbox.Request("describe", ("volume", volume)))).RecoveryPoints.Should().ContainSingle().Subject;

    private sealed class Collected : IProgress<ProviderProgress>
    {
        public List<ProviderProgress> Values { get; } = [];

        public void Report(ProviderProgress value) => Values.Add(value);
    }
}
