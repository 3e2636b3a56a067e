using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class DeleteTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Delete_Volume_IsHeldWholeInAPrivateQuarantine()
    {
        var before = VolumeSandbox.Tree(_sandbox.MakeVolume("orders"));
        await _sandbox.Do("delete", ("volume", "orders"));
        Directory.Exists(_sandbox.At("orders")).Should().BeFalse();
        VolumeSandbox.Tree(Path.Combine(_sandbox.Quarantined("act-1"), "data")).Should().Be(before);
        new DirectoryInfo(_sandbox.At(".safetools")).UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Undelete_AfterDelete_BringsBackEveryByteModeAndTime()
    {
        var before = VolumeSandbox.Tree(_sandbox.MakeVolume("orders"));
        var done = await _sandbox.Do("delete", ("volume", "orders"));
        await _sandbox.Undo(done.Undo!);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(before);
    }

    [Fact]
    public async Task Undelete_NameTakenByNewer_RefusesAndOverwritesNothing()
    {
        _sandbox.MakeVolume("orders");
        var done = await _sandbox.Do("delete", ("volume", "orders"));
        var newer = VolumeSandbox.Tree(_sandbox.MakeVolume("orders", "newer"));
        (await _sandbox.SeeRefusal(_sandbox.UndoRequest(done.Undo!))).Code.Should().Be(RefusalCatalog.NameTaken);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(newer);
    }

    [Fact]
    public async Task Undelete_NameTakenAtTheLastMoment_FailsAndOverwritesNothing()
    {
        // An empty folder: the one thing that a plain rename would silently replace.
        string? newer = null;
        _sandbox.Options = _sandbox.Options with
        {
            Reached = moment => newer = moment == Moment.BeforeMove && !Directory.Exists(_sandbox.At("orders"))
                ? VolumeSandbox.Tree(Directory.CreateDirectory(_sandbox.At("orders")).FullName)
                : newer,
        };
        _sandbox.MakeVolume("orders");
        var done = await _sandbox.Do("delete", ("volume", "orders"));
        var execution = await _sandbox.Execute(await _sandbox.Ticket(_sandbox.UndoRequest(done.Undo!)));
        execution.Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NameTaken);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(newer);
    }

    [Fact]
    public async Task Delete_ReplacedByAnotherFolderAfterPreview_IsStale()
    {
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        var other = VolumeSandbox.Tree(_sandbox.MakeVolume("orders", "another one"));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(other);
    }

    [Fact]
    public async Task Delete_ReplacedByALinkAfterPreview_LeavesLinkAndTargetAlone()
    {
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        Directory.CreateSymbolicLink(_sandbox.At("orders"), _sandbox.Outside);
        var before = VolumeSandbox.Tree(_sandbox.Folder);
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NotAVolume);
        VolumeSandbox.Tree(_sandbox.Folder).Should().Be(before);
    }

    [Fact]
    public async Task Delete_SwappedBetweenCheckAndMove_IsStaleAndLeavesNoEntry()
    {
        var armed = false;
        _sandbox.Options = _sandbox.Options with { Reached = moment => armed = armed && moment == Moment.BeforeMove && !Swap() };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        armed = true;
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        File.ReadAllText(_sandbox.At("orders", "data.db")).Should().Be("another one");
        Directory.EnumerateFileSystemEntries(_sandbox.Quarantined("")).Should().BeEmpty();
    }

    [Fact]
    public async Task Delete_MovedSomethingElse_PutsItBackAndIsStale()
    {
        // After the rename, what lies in quarantine is exchanged: to the check that looks at what was moved, the same as a swap just before it.
        _sandbox.Options = _sandbox.Options with { Reached = moment => _ = moment == Moment.Moved && ExchangeQuarantined() };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        File.ReadAllText(_sandbox.At("orders", "intruder.txt")).Should().Be("not approved");
        Directory.Exists(_sandbox.Quarantined("act-1")).Should().BeFalse();
    }

    [Fact]
    public async Task Delete_WrongThingMovedAndNameTakenAgain_SaysUnknown()
    {
        _sandbox.Options = _sandbox.Options with
        {
            Reached = moment => _ = moment == Moment.Moved && ExchangeQuarantined() && Directory.CreateDirectory(_sandbox.At("orders")).Exists,
        };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Delete_QuarantineEntryExistsAlready_FailsAndLeavesBoth()
    {
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        Directory.CreateDirectory(Path.Combine(_sandbox.Quarantined(ticket.ActionId), "data", "older"));
        var before = VolumeSandbox.Tree(_sandbox.Folder);
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NameTaken);
        VolumeSandbox.Tree(_sandbox.Folder).Should().Be(before);
    }

    [Fact]
    public async Task Delete_QuarantineIsALink_RefusesAndMovesNothingOut()
    {
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        Directory.CreateSymbolicLink(_sandbox.At(".safetools"), _sandbox.Outside);
        var before = VolumeSandbox.Tree(_sandbox.Folder);
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        VolumeSandbox.Tree(_sandbox.Folder).Should().Be(before);
    }

    [Fact]
    public async Task Delete_NewDependantAfterPreview_IsStale()
    {
        _sandbox.MakeVolume("orders");
        _sandbox.Reference("staging", "nothing yet");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        File.WriteAllText(Path.Combine(_sandbox.Folder, "staging.compose.yaml"), "volumes: [orders]");
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        Directory.Exists(_sandbox.At("orders")).Should().BeTrue();
    }

    [Fact]
    public async Task Delete_RootIsALink_WorksInTheFolderBehindIt()
    {
        _sandbox.MakeVolume("orders");
        var link = Path.Combine(_sandbox.Folder, "link");
        Directory.CreateSymbolicLink(link, _sandbox.Root);
        _sandbox.Root = link;
        _sandbox.Reconfigure();
        await _sandbox.Do("delete", ("volume", "orders"));
        Directory.Exists(_sandbox.At("orders")).Should().BeFalse();
    }

    [Fact]
    public async Task Probe_MetaWrittenButNothingMoved_SaysFailed()
    {
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (moment == Moment.BeforeMove) throw new CrashException(); } };
        _sandbox.MakeVolume("orders");
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        await FluentActions.Awaiting(() => _sandbox.Execute(ticket)).Should().ThrowAsync<CrashException>();
        File.Exists(Path.Combine(_sandbox.Quarantined(ticket.ActionId), "meta.json")).Should().BeTrue("evidence comes before the act");
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Failed>();
    }

    [Fact]
    public async Task Probe_MovedButResultLost_SaysDoneAndItsUndoWorks()
    {
        var crash = true;
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (crash && moment == Moment.Moved) throw new CrashException(); } };
        var before = VolumeSandbox.Tree(_sandbox.MakeVolume("orders"));
        var ticket = await _sandbox.Ticket(_sandbox.Request("delete", ("volume", "orders")));
        await FluentActions.Awaiting(() => _sandbox.Execute(ticket)).Should().ThrowAsync<CrashException>();
        crash = false;
        var found = (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Done>().Subject;
        await _sandbox.Undo(found.Undo!);
        VolumeSandbox.Tree(_sandbox.At("orders")).Should().Be(before);
    }

    [Fact]
    public async Task Execute_ActionIdThatIsNoName_Fails()
    {
        _sandbox.MakeVolume("orders");
        var request = _sandbox.Request("delete", ("volume", "orders"));
        var ticket = new Ticket("../../escape", request, (await _sandbox.See(request)).Fingerprint);
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.NameNotAllowed);
        Directory.Exists(_sandbox.At("orders")).Should().BeTrue();
    }

    private bool Swap()
    {
        Directory.Move(_sandbox.At("orders"), _sandbox.At("elsewhere"));
        _sandbox.MakeVolume("orders", "another one");
        return true;
    }

    private bool ExchangeQuarantined()
    {
        var data = Path.Combine(_sandbox.Quarantined("act-1"), "data");
        Directory.Move(data, _sandbox.At("elsewhere"));
        Directory.CreateDirectory(data);
        File.WriteAllText(Path.Combine(data, "intruder.txt"), "not approved");
        return true;
    }

}
