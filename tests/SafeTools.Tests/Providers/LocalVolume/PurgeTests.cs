using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class PurgeTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Purge_EntryWithLinksOutside_RemovesItAndNothingOutside()
    {
        var request = await Deleted("orders");
        var outside = VolumeSandbox.Tree(_sandbox.Outside);
        await _sandbox.Do(request);
        Directory.Exists(_sandbox.Quarantined("act-1")).Should().BeFalse();
        VolumeSandbox.Tree(_sandbox.Outside).Should().Be(outside);
    }

    [Fact]
    public async Task Purge_EntryReplacedAfterPreview_IsStale()
    {
        var ticket = await _sandbox.Ticket(await Deleted("orders"));
        var data = Path.Combine(_sandbox.Quarantined("act-1"), "data");
        Directory.Move(data, _sandbox.At("elsewhere"));
        Directory.CreateDirectory(data);
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        Directory.Exists(data).Should().BeTrue();
    }

    [Fact]
    public async Task Purge_EntryReplacedAtTheLastMoment_PutsItBackAndIsStale()
    {
        var data = Path.Combine(_sandbox.Quarantined("act-1"), "data");
        var armed = false;
        _sandbox.Options = _sandbox.Options with
        {
            Reached = moment =>
            {
                if (!armed || moment != Moment.BeforeMove)
                    return;
                Directory.Move(data, _sandbox.At("elsewhere"));
                Directory.CreateDirectory(data);
            },
        };
        var ticket = await _sandbox.Ticket(await Deleted("orders"));
        armed = true;
        (await _sandbox.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.Stale);
        Directory.Exists(data).Should().BeTrue();
        File.Exists(_sandbox.At("elsewhere", "data.db")).Should().BeTrue();
    }

    [Fact]
    public async Task Purge_DataIsALinkOutside_IsNoEntry()
    {
        var request = await Deleted("orders");
        var data = Path.Combine(_sandbox.Quarantined("act-1"), "data");
        Directory.Move(data, _sandbox.At("elsewhere"));
        Directory.CreateSymbolicLink(data, _sandbox.Outside);
        (await _sandbox.SeeRefusal(request)).Code.Should().Be(RefusalCatalog.NoSuchItem);
        File.Exists(Path.Combine(_sandbox.Outside, "precious.txt")).Should().BeTrue();
    }

    [Fact]
    public async Task Purge_ReferencesNoLongerNameIt_KeepsTheEnvironmentRecordedAtDeletion()
    {
        _sandbox.Reference("production", "orders");
        _sandbox.Reference("staging", "nothing");
        var request = await Deleted("orders");
        File.WriteAllText(Path.Combine(_sandbox.Folder, "production.compose.yaml"), "nothing");
        File.WriteAllText(Path.Combine(_sandbox.Folder, "staging.compose.yaml"), "orders");
        (await _sandbox.See(request)).Environment.Names.Should().BeEquivalentTo("production", "staging");
    }

    [Fact]
    public async Task Purge_BroughtBackMeanwhile_Refuses()
    {
        var request = await Deleted("orders");
        await _sandbox.Do("undelete", ("quarantined", "act-1"));
        (await _sandbox.SeeRefusal(request)).Code.Should().Be(RefusalCatalog.NoSuchItem);
        File.Exists(_sandbox.At("orders", "data.db")).Should().BeTrue();
    }

    [Fact]
    public async Task Probe_RemovalBegunButNotEnded_SaysUnknown()
    {
        _sandbox.Options = _sandbox.Options with { Reached = moment => { if (moment == Moment.Moved && Directory.Exists(_sandbox.At(".safetools", "purging"))) throw new CrashException(); } };
        var ticket = await _sandbox.Ticket(await Deleted("orders"));
        await FluentActions.Awaiting(() => _sandbox.Execute(ticket)).Should().ThrowAsync<CrashException>();
        (await _sandbox.Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Unknown>();
    }

    [Fact]
    public async Task Purge_OneOfTwo_LeavesTheOther()
    {
        await Deleted("kept");
        await Deleted("orders");
        await _sandbox.Do("purge", ("quarantined", "act-2"));
        Directory.Exists(_sandbox.Quarantined("act-2")).Should().BeFalse();
        File.Exists(Path.Combine(_sandbox.Quarantined("act-1"), "data", "data.db")).Should().BeTrue();
    }

    [Fact]
    public async Task List_AfterDelete_NamesTheQuarantinedEntry()
    {
        await Deleted("orders");
        var entry = (await _sandbox.Do("list")).Data["quarantined"]!.AsArray().Single()!;
        entry["quarantined"]!.GetValue<string>().Should().Be("act-1");
        entry["volume"]!.GetValue<string>().Should().Be("orders");
    }

    private async Task<OperationRequest> Deleted(string volume)
    {
        _sandbox.MakeVolume(volume);
        var done = await _sandbox.Do("delete", ("volume", volume));
        return _sandbox.Request("purge", ("quarantined", done.Data["quarantined"]!.GetValue<string>()));
    }
}
