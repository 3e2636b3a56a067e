using SafeTools.Tests.Support;

namespace SafeTools.Tests.Actions;

/// <summary>Takes the steps of <see cref="ActionLifeWalk"/> and keeps the small model that they are judged by.</summary>
internal sealed class Walker
{
    public const int Turn = 0;
    public const int AskDrop = 2;
    public const int ApproveByAlice = 6;
    public const int RecoveryPoint = 8;
    public const int Steps = 40;

    private readonly Installation _here;
    private readonly List<Said> _said = [];
    private readonly HashSet<string> _frozen = [];
    private readonly Dictionary<string, ActionStatus> _last = [];
    private readonly List<string> _faults = [];
    private (long Sequence, string Hash, DateTimeOffset Time) _head = (0, AuditChain.Origin, DateTimeOffset.MinValue);
    private Decision? _sent;
    private int _persons = 1;
    private int _epoch = 1;
    private bool _throws;
    private bool _does = true;

    public Walker(Installation here)
    {
        _here = here;
        here.Provider.OnExecute = Execute;
    }

    private SampleProvider Provider => _here.Provider;

    private bool Recoverable => Provider.RecoveryPoints.Any(point => _here.Clock.GetUtcNow() - point.Made <= TimeSpan.FromHours(24));

    /// <summary>One step, then every invariant. The fault, or null.</summary>
    public async Task<string?> Step(int step)
    {
        try
        {
            await Take(step);
        }
        catch (StoreException refused)
        {
            _faults.Add($"the store refused: {refused.Message}");
        }

        await Check();
        return _faults.Count == 0 ? null : $"step {step}: {string.Join("; ", _faults)}";
    }

    private async Task Take(int step)
    {
        switch (step)
        {
            case Turn or 1: await _here.Turn(); break;
            case AskDrop or 3: await _here.Call("drop"); break;
            case 4: await _here.Call("drop", principal: "second"); break;
            case 5: await _here.Call("drop_staging", """{"name":"n2"}"""); break;
            case ApproveByAlice or 7: await Decide(_here.Alice, Verdict.Approve); break;
            case RecoveryPoint or 9: Provider.RecoveryPoints = [Sample.Point(TimeSpan.Zero) with { Made = _here.Clock.GetUtcNow() }]; break;
            case 10: Provider.RecoveryPoints = []; break;
            case 11: await Decide(_here.Bob, Verdict.Approve); break;
            case 12: await Decide(_here.Olga, Verdict.Approve); break;
            case 13: await Decide(_here.Alice, Verdict.ApproveWithoutRecovery); break;
            case 14: await Decide(_here.Bob, Verdict.ApproveWithoutRecovery); break;
            case 15: await Decide(_here.Bob, Verdict.Reject); break;
            case 16: await Forge(); break;
            case 17 when _sent is { } replayed: await _here.Pipeline.Decide(replayed, CancellationToken.None); break;
            case 18: await Decide(_here.Alice, Verdict.ApproveWithoutRecovery, epoch: _epoch - 1); break;
            case 19: await Withdraw(); break;
            case 20: _here.Clock.Advance(TimeSpan.FromMinutes(10)); break;
            case 21: _here.Clock.Advance(TimeSpan.FromHours(13)); break;
            case 22: await Freeze("local"); break;
            case 23: await Freeze(Freezes.All); break;
            case 24 or 25: await Unfreeze("local", _here.Alice); break;
            case 26: await Unfreeze(Freezes.All, _here.Alice); break;
            case 27: await Unfreeze(Freezes.All, _here.Mallory); break;
            case 28: await Accept(); break;
            case 29: await _here.Accept(_here.Configuration(), _here.Mallory); break;
            case 30: Provider.Generation++; break;
            case 31: (_throws, _does) = (true, false); break;
            case 32: (_throws, _does) = (true, true); break;
            case 33: (_throws, _does) = (false, true); break;
            case 34: Provider.OnProbe = Provider.OnProbe is null ? _ => throw new InvalidOperationException() : null; break;
            case 35: await CrashAfterClaim(); break;
            case 36: await _here.Restart(); break;
            case 37: await _here.Call("label"); break;
            case 38: await UndoNewest(); break;
            case 39: await SetStatus(); break;
        }
    }

    private async Task<Execution> Execute(Ticket ticket, CancellationToken cancellationToken)
    {
        var action = await _here.Get(ticket.ActionId);
        if (_frozen.Contains(action.Principal) || _frozen.Contains(Freezes.All))
        {
            _faults.Add($"{action.Id} ran while frozen");
        }

        if (ticket.Request.Operation == SampleProvider.Drop)
        {
            var live = action.Environment == EnvironmentLabel.Production;
            var yes = _said.Where(said => said.Action == action.Id && said.Epoch == _epoch && said.Generation == Provider.Generation
                && (said.Verdict == Verdict.ApproveWithoutRecovery || (said.Verdict == Verdict.Approve && (!live || Recoverable)))).Select(said => said.Person).Distinct().ToArray();
            if (yes.Length < (live ? _persons : 1) || (live && action.Principal == "local" && yes is ["olga"]))
            {
                _faults.Add($"{action.Id} ran with the approvals of [{string.Join(", ", yes)}]");
            }

            if (_said.Any(said => said.Action == action.Id && said.Verdict == Verdict.Reject))
            {
                _faults.Add($"{action.Id} ran although it was rejected");
            }
        }

        if (_does)
        {
            Provider.Happened[ticket.ActionId] = true;
        }

        return _throws ? throw new InvalidOperationException("broken line") : SampleProvider.Undoable("n1");
    }

    private async Task Check()
    {
        await foreach (var entry in _here.Store.Audit(_head.Sequence + 1, CancellationToken.None))
        {
            if (AuditChain.Fault(_head, entry) is { } fault)
            {
                _faults.Add(fault);
            }

            _head = (entry.Sequence, entry.Hash, entry.Time);
        }

        foreach (var action in await _here.Store.List(null, open: false, 1000, CancellationToken.None))
        {
            if (Provider.ExecutedOf(action.Id) > 1)
            {
                _faults.Add($"{action.Id} was executed twice");
            }

            if (_last.TryGetValue(action.Id, out var before) && !Reaches(before, action.Status))
            {
                _faults.Add($"{action.Id} went from {before} to {action.Status}");
            }

            if (action.Status == ActionStatus.Succeeded && !Provider.Happened.ContainsKey(action.Id))
            {
                _faults.Add($"{action.Id} succeeded without having happened");
            }

            _last[action.Id] = action.Status;
        }

        if ((await _here.Store.Standing(CancellationToken.None)).Epoch != _epoch)
        {
            _faults.Add("a policy was accepted that nobody signed");
        }
    }

    /// <summary>Several steps may lie between two looks.</summary>
    private static bool Reaches(ActionStatus from, ActionStatus to) =>
        from == to || Enum.GetValues<ActionStatus>().Any(next => next != from && ActionLife.Allows(from, next) && !(from == ActionStatus.Approved && next == ActionStatus.Pending) && Reaches(next, to))
        || (from == ActionStatus.Approved && Reaches(ActionStatus.Pending, to));

    private async Task<StoredAction?> Newest(params ActionStatus[] statuses) =>
        (await _here.Store.List(null, open: false, 1000, CancellationToken.None)).FirstOrDefault(action => statuses.Contains(action.Status));

    private async Task Decide(Signer person, Verdict verdict, int? epoch = null)
    {
        if (await Newest(ActionStatus.Pending) is not { } action)
        {
            return;
        }

        var nonce = await _here.Store.IssueNonce("action:" + action.Id, CancellationToken.None);
        _sent = person.Decide(action, verdict, _here.Store.Id, epoch ?? _epoch, nonce);
        var judged = await _here.Pipeline.Decide(_sent, CancellationToken.None);
        if (judged.Refusal is null)
        {
            _said.Add(new Said(action.Id, person.Name, verdict, epoch ?? _epoch, Generation(action)));
        }
    }

    private async Task Forge()
    {
        if (await Newest(ActionStatus.Pending) is { } action)
        {
            var nonce = await _here.Store.IssueNonce("action:" + action.Id, CancellationToken.None);
            var forged = _here.Mallory.Decide(action, Verdict.ApproveWithoutRecovery, _here.Store.Id, _epoch, nonce) with { Key = _here.Alice.Key.Text };
            if ((await _here.Pipeline.Decide(forged, CancellationToken.None)).Refusal is null)
            {
                _faults.Add("a forgery counted");
            }
        }
    }

    private async Task Withdraw()
    {
        if (await Newest(ActionStatus.Pending, ActionStatus.Approved) is { } action)
        {
            await _here.Store.Move(Records.Lapsed(action, ActionStatus.Withdrawn), CancellationToken.None);
        }
    }

    private async Task Freeze(string principal)
    {
        await _here.Store.Freeze(principal, CancellationToken.None);
        _frozen.Add(principal);
    }

    private async Task Unfreeze(string principal, Signer by)
    {
        var nonce = await _here.Store.IssueNonce("unfreeze:" + principal, CancellationToken.None);
        var policies = await _here.Store.Policies(CancellationToken.None);
        var refusal = await _here.Store.Unfreeze(by.Unfreeze(principal, _epoch, _here.Store.Id, nonce), order => FreezeLedger.Rule(_here.Store.Id, order, policies), CancellationToken.None);
        if (refusal is null && by != _here.Alice)
        {
            _faults.Add("a stranger lifted a freeze");
        }

        if (by == _here.Alice)
        {
            _frozen.Remove(principal);
        }
    }

    private async Task Accept()
    {
        var persons = 3 - _persons;
        await _here.Accept(_here.Configuration(persons), _here.Alice, _here.Bob);
        (_persons, _epoch) = (persons, _epoch + 1);
    }

    private async Task CrashAfterClaim()
    {
        if (await Newest(ActionStatus.Approved) is { } action)
        {
            await _here.Store.Move(Records.Claimed(action, "server-dead"), CancellationToken.None);
        }
    }

    private async Task UndoNewest()
    {
        if (await Newest(ActionStatus.Succeeded) is { } action)
        {
            await _here.Undo(action.Principal, action.Id);
        }
    }

    /// <summary>Somebody edits the status column and nothing else.</summary>
    private async Task SetStatus()
    {
        if (await Newest(ActionStatus.Pending) is { } action)
        {
            _here.Edit($"update actions set status = 'approved' where id = '{action.Id}'");
        }
    }

    private static int Generation(StoredAction action) => int.Parse(Fingerprints.Read(action.Fingerprint)["generation"], null);

    private sealed record Said(string Action, string Person, Verdict Verdict, int Epoch, int Generation);
}
