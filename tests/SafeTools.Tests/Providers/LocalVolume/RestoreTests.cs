using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class RestoreTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Restore_NewerData_IsQuarantinedAndThePointTakesItsPlace()
    {
        var (request, then, now) = await Arranged();
        var done = await _sandbox.Do(request);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(then);
        VolumeSandbox.Tree(Path.Combine(_sandbox.Quarantined(done.Data["quarantined"]!.GetValue<string>()), "data")).Should().Be(now);
        Directory.EnumerateFileSystemEntries(_sandbox.At(".safetools", "staging")).Should().BeEmpty();
    }

    [Fact]
    public async Task Unrestore_TwiceInARow_ChangesPlacesEachTime()
    {
        var (request, then, now) = await Arranged();
        var undone = await _sandbox.Undo((await _sandbox.Do(request)).Undo!);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(now);
        await _sandbox.Undo(undone.Undo!);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(then);
    }

    [Fact]
    public async Task Restore_VolumeIsGone_BringsItBackAndUndoTakesItAwayAgain()
    {
        var (request, then, _) = await Arranged();
        Directory.Delete(_sandbox.At("orders"), recursive: true);
        var done = await _sandbox.Do(request);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(then);
        var undone = await _sandbox.Undo(done.Undo!);
        Directory.Exists(_sandbox.At("orders")).Should().BeFalse();
        await _sandbox.Undo(undone.Undo!);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(then);
    }

    [Fact]
    public async Task Unrestore_FormerContentWasPurged_Refuses()
    {
        var (request, _, _) = await Arranged();
        var done = await _sandbox.Do(request);
        await _sandbox.Do("purge", ("quarantined", done.Data["quarantined"]!.GetValue<string>()));
        (await _sandbox.SeeRefusal(_sandbox.UndoRequest(done.Undo!))).Code.Should().Be(RefusalCatalog.NoSuchItem);
        Directory.Exists(_sandbox.At("orders")).Should().BeTrue();
    }

    [Fact]
    public async Task Unrestore_EntryOfADelete_Refuses()
    {
        _sandbox.MakeVolume("orders");
        await _sandbox.Do("delete", ("volume", "orders"));
        await _sandbox.Do("undelete", ("quarantined", "act-1"));
        (await _sandbox.SeeRefusal(_sandbox.Request("unrestore", ("quarantined", "act-1")))).Code.Should().Be(RefusalCatalog.NoSuchItem);
    }

    [Fact]
    public async Task Restore_DamagedPoint_RefusesAtPreview()
    {
        var (request, _, now) = await Arranged();
        File.WriteAllText(_sandbox.PointData("orders", "act-1", "data.db"), "forged");
        (await _sandbox.SeeRefusal(request)).Code.Should().Be(RefusalCatalog.RecoveryPointDamaged);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(now);
    }

    [Fact]
    public async Task Restore_PointDamagedAfterPreview_FailsAndChangesNothing()
    {
        var (request, _, now) = await Arranged();
        var ticket = await _sandbox.Ticket(request);
        File.WriteAllText(_sandbox.PointData("orders", "act-1", "data.db"), "forged");
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.RecoveryPointDamaged);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(now);
        Directory.EnumerateFileSystemEntries(_sandbox.At(".safetools", "staging")).Should().BeEmpty();
    }

    [Fact]
    public async Task Restore_VolumeReplacedWhileStaging_IsStaleAndKeepsTheNewcomer()
    {
        var (request, _, _) = await Arranged(Moment.BeforeMove, () =>
        {
            Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
            _sandbox.MakeVolume("orders", "newcomer");
        });
        (await _sandbox.Execute(await _sandbox.Ticket(request))).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        File.ReadAllText(_sandbox.At("orders", "data.db")).Should().Be("newcomer");
    }

    [Fact]
    public async Task Restore_VolumeAppearsWhileStaging_IsStaleAndKeepsIt()
    {
        var (request, _, _) = await Arranged(Moment.BeforeMove, () => _sandbox.MakeVolume("orders", "newcomer"));
        Directory.Delete(_sandbox.At("orders"), recursive: true);
        (await _sandbox.Execute(await _sandbox.Ticket(request))).Should().BeOfType<Execution.Failed>();
        File.ReadAllText(_sandbox.At("orders", "data.db")).Should().Be("newcomer");
    }

    [Fact]
    public async Task Restore_SwappedJustBeforeTheExchange_PutsEverythingBack()
    {
        // Seen from after the exchange: what went to quarantine is not what was approved.
        var (request, _, _) = await Arranged(Moment.Moved, () =>
        {
            var data = Path.Combine(_sandbox.Quarantined("act-2"), "data");
            Directory.Move(data, _sandbox.At("elsewhere"));
            Directory.CreateDirectory(data);
            File.WriteAllText(Path.Combine(data, "intruder.txt"), "not approved");
        });
        (await _sandbox.Execute(await _sandbox.Ticket(request))).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        File.Exists(_sandbox.At("orders", "intruder.txt")).Should().BeTrue("it had the name");
        Directory.Exists(_sandbox.Quarantined("act-2")).Should().BeFalse();
    }

    [Theory]
    [InlineData(Moment.Copied, typeof(Execution.Failed))]
    [InlineData(Moment.BeforeMove, typeof(Execution.Failed))]
    [InlineData(Moment.Moved, typeof(Execution.Done))]
    internal async Task Probe_CrashedThere_SaysWhatHappened(Moment where, Type expected)
    {
        var (request, then, now) = await Arranged(where, () => throw new CrashException());
        var ticket = await _sandbox.Ticket(request);
        await FluentActions.Awaiting(() => _sandbox.Execute(ticket)).Should().ThrowAsync<CrashException>();
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType(expected);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(expected == typeof(Execution.Done) ? then : now);
    }

    [Fact]
    public async Task Restore_NoRoom_Refuses()
    {
        var (request, _, _) = await Arranged();
        using var full = new VolumeSandbox { Root = _sandbox.Root, Backups = _sandbox.Backups };
        full.Options = full.Options with { Space = _ => (10, 100) };
        full.Reconfigure();
        (await full.SeeRefusal(full.Request("restore", ("volume", "orders"), ("recovery_point", "act-1")))).Code.Should().Be(RefusalCatalog.NotEnoughSpace);
        request.Operation.Undo.Should().Be("localvolume.unrestore");
    }

    private async Task<(OperationRequest Request, string Then, string Now)> Arranged(Moment? when = null, System.Action? action = null)
    {
        var armed = false;
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (armed && moment == when) action!(); } };
        var then = VolumeSandbox.Tree(_sandbox.MakeVolume("orders"));
        var point = await _sandbox.Snapshot("orders");
        File.AppendAllText(_sandbox.At("orders", "data.db"), " and newer ones");
        armed = action is not null;
        return (_sandbox.Request("restore", ("volume", "orders"), ("recovery_point", point)), then, VolumeSandbox.Tree(_sandbox.At("orders")));
    }
}
