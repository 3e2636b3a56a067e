namespace SafeTools.Tests.Support;

/// <summary>A store that cannot write when a test says so: the disk is full.</summary>
internal sealed class BrokenStore(IStore inner) : IStore
{
    /// <summary>The name of the method that fails; null while all is well.</summary>
    public string? Fails { get; set; }

    /// <summary>Called before each move of an action.</summary>
    public Action<ActionMove>? OnMove { get; set; }

    public string Id => inner.Id;

    public Task<long> Version(CancellationToken cancellationToken) => inner.Version(cancellationToken);

    public Task<IReadOnlyList<AcceptedPolicy>> Policies(CancellationToken cancellationToken) => inner.Policies(cancellationToken);

    public Task<StoreStanding> Standing(CancellationToken cancellationToken) => inner.Standing(cancellationToken);

    public Task Record(AuditDraft draft, CancellationToken cancellationToken) => Or(nameof(Record), () => inner.Record(draft, cancellationToken));

    public Task<ProposeResult> Propose(StoredAction action, int mostOpen, CancellationToken cancellationToken) =>
        Or(nameof(Propose), () => inner.Propose(action, mostOpen, cancellationToken));

    public Task<bool> Begin(StoredAction action, CancellationToken cancellationToken) => Or(nameof(Begin), () => inner.Begin(action, cancellationToken));

    public Task<bool> Move(ActionMove move, CancellationToken cancellationToken)
    {
        OnMove?.Invoke(move);
        return Or(nameof(Move), () => inner.Move(move, cancellationToken));
    }

    public Task Refresh(string actionId, string preview, string fingerprint, string? blocked, CancellationToken cancellationToken) =>
        Or(nameof(Refresh), () => inner.Refresh(actionId, preview, fingerprint, blocked, cancellationToken));

    public Task WantPreview(string actionId, CancellationToken cancellationToken) => inner.WantPreview(actionId, cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> History(string actionId, CancellationToken cancellationToken) => inner.History(actionId, cancellationToken);

    public Task<StoredAction?> Get(string actionId, CancellationToken cancellationToken) => inner.Get(actionId, cancellationToken);

    public Task<IReadOnlyList<StoredAction>> List(string? principal, bool open, int most, CancellationToken cancellationToken) => inner.List(principal, open, most, cancellationToken);

    public Task<IReadOnlyList<string>> OpenIds(CancellationToken cancellationToken) => inner.OpenIds(cancellationToken);

    public Task<IReadOnlyList<StoredAction>> UndosOf(string actionId, CancellationToken cancellationToken) => inner.UndosOf(actionId, cancellationToken);

    public Task<ActionEvidence> Evidence(string actionId, CancellationToken cancellationToken) => inner.Evidence(actionId, cancellationToken);

    public Task<Nonce> IssueNonce(string subject, CancellationToken cancellationToken) => inner.IssueNonce(subject, cancellationToken);

    public Task<Judged> Decide(Decision decision, DecisionJudge judge, CancellationToken cancellationToken) => Or(nameof(Decide), () => inner.Decide(decision, judge, cancellationToken));

    public Task<Refusal?> Accept(string document, PolicySignature signature, PolicyJudge judge, CancellationToken cancellationToken) =>
        inner.Accept(document, signature, judge, cancellationToken);

    public Task<IReadOnlyList<PolicySignature>> WaitingSignatures(CancellationToken cancellationToken) => inner.WaitingSignatures(cancellationToken);

    public Task Freeze(string principal, CancellationToken cancellationToken) => inner.Freeze(principal, cancellationToken);

    public Task<Refusal?> Unfreeze(UnfreezeOrder order, Func<UnfreezeOrder, Refusal?> judge, CancellationToken cancellationToken) => inner.Unfreeze(order, judge, cancellationToken);

    public IAsyncEnumerable<AuditEntry> Audit(long from, CancellationToken cancellationToken) => inner.Audit(from, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private T Or<T>(string method, Func<T> work) => Fails == method ? throw new StoreException("The disk is full.") : work();
}
