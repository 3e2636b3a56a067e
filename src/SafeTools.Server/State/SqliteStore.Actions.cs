namespace SafeTools.Server.State;

/// <summary>What moves an action through its life.</summary>
internal sealed partial class SqliteStore
{
    public Task<ProposeResult> Propose(StoredAction action, int mostOpen, CancellationToken cancellationToken)
    {
        Require(action.Status == ActionStatus.Pending, "A proposal begins as pending.");
        return Change(
            change =>
            {
                if (_actions.FindOpen(action.Key) is { } open)
                {
                    _actions.Refresh(open.Id, action.Preview, action.Fingerprint, action.Blocked);
                    var kept = _actions.Find(open.Id)!;
                    change.Append(AuditDrafts.Repeated(kept, action));
                    return new ProposeResult(kept, null, true);
                }

                if (_actions.WasRejected(action.Key, change.Now - PolicyRules.RejectedLife))
                {
                    return new ProposeResult(null, RefusalCatalog.RejectedBefore.Because("A human rejected the same request less than 24 hours ago."), false);
                }

                if (_actions.CountProposals(action.Principal) >= mostOpen)
                {
                    return new ProposeResult(null, RefusalCatalog.TooManyProposals.Because($"{mostOpen} proposals are open already."), false);
                }

                _actions.Add(action);
                change.Append(AuditDrafts.Proposed(action));
                return new ProposeResult(action, null, false);
            },
            cancellationToken);
    }

    public Task<bool> Begin(StoredAction action, CancellationToken cancellationToken)
    {
        Require(action.Status == ActionStatus.Executing, "What needs no decision begins as executing.");
        return Change(
            change =>
            {
                if (_actions.FindOpen(action.Key) is not null)
                {
                    return false;
                }

                _actions.Add(action);
                change.Append(AuditDrafts.Begun(action));
                return true;
            },
            cancellationToken);
    }

    public Task<bool> Move(ActionMove move, CancellationToken cancellationToken)
    {
        Require(ActionLife.Allows(move.From, move.To), "An action's life has no such step.");
        return Change(
            change =>
            {
                if (!_actions.Step(move.ActionId, move.From, move.To, change.Now, move.Expires, move.Server, move.Result))
                {
                    return false;
                }

                change.Append(move.Audit);
                return true;
            },
            cancellationToken);
    }

    public Task Refresh(string actionId, string preview, string fingerprint, string? blocked, CancellationToken cancellationToken) => Change(
        change =>
        {
            // An action that somebody took up in the meantime keeps the preview it was taken up with.
            if (_actions.Refresh(actionId, preview, fingerprint, blocked))
            {
                change.Append(AuditDrafts.Refreshed(_actions.Find(actionId)!));
            }
        },
        cancellationToken);

    public Task WantPreview(string actionId, CancellationToken cancellationToken) => Change(_ => _actions.WantPreview(actionId), cancellationToken);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
