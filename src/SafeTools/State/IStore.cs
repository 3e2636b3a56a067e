namespace SafeTools;

/// <summary>
/// The port to what SafeTools remembers. Every change commits together with its audit entry, durably, before the method returns;
/// several processes may use one store. A method that cannot keep that throws <see cref="StoreException"/> and has changed nothing.
/// Time inside the store never goes back: an entry's time is the later of now and the newest entry's, and a clock
/// more than two seconds behind the newest entry refuses (ST1802).
/// </summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>Unique for ever; part of everything signed.</summary>
    string Id { get; }

    /// <summary>A number that differs whenever any process has changed the store since it was last read.</summary>
    Task<long> Version(CancellationToken cancellationToken);

    /// <summary>The accepted policies from genesis on, as stored; the caller verifies them (<see cref="PolicyVerifier"/>).</summary>
    Task<IReadOnlyList<AcceptedPolicy>> Policies(CancellationToken cancellationToken);

    /// <summary>The newest epoch, the audited time that counts as now, and the ledger: the entries of kind policy accepted, frozen and unfrozen, in order.</summary>
    Task<StoreStanding> Standing(CancellationToken cancellationToken);

    /// <summary>Appends one entry: a refused call, an answered read.</summary>
    Task Record(AuditDraft draft, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a pending action, unless an open one with its key exists (then that one's preview is refreshed and it is returned), a rejected one
    /// with its key is younger than <see cref="PolicyRules.RejectedLife"/> (ST1402), or the principal has <paramref name="mostOpen"/> open proposals (ST1403).
    /// An approved action found by its key keeps status, expiry and decisions.
    /// </summary>
    Task<ProposeResult> Propose(StoredAction action, int mostOpen, CancellationToken cancellationToken);

    /// <summary>Adds an action in status executing that needs no decision; false where an open one with its key exists.</summary>
    Task<bool> Begin(StoredAction action, CancellationToken cancellationToken);

    /// <summary>
    /// One guarded step of an action's life together with its audit entry. False, and nothing changed, where the action is not in
    /// <see cref="ActionMove.From"/> any more. Refuses steps that <see cref="ActionLife"/> does not allow with <see cref="ArgumentException"/>.
    /// </summary>
    Task<bool> Move(ActionMove move, CancellationToken cancellationToken);

    /// <summary>Replaces the preview of a pending or approved action, keeps the old one's digest and fingerprint for decisions made on it, clears <see cref="StoredAction.PreviewWanted"/>.</summary>
    Task Refresh(string actionId, string preview, string fingerprint, string? blocked, CancellationToken cancellationToken);

    /// <summary>Sets <see cref="StoredAction.PreviewWanted"/>; no audit entry.</summary>
    Task WantPreview(string actionId, CancellationToken cancellationToken);

    Task<StoredAction?> Get(string actionId, CancellationToken cancellationToken);

    /// <summary>Newest first, at most <paramref name="most"/>.</summary>
    /// <param name="principal">Only its own, or null for all.</param>
    /// <param name="open">Only open ones (<see cref="ActionLife.IsOpen"/>).</param>
    Task<IReadOnlyList<StoredAction>> List(string? principal, bool open, int most, CancellationToken cancellationToken);

    /// <summary>
    /// The ids of all open actions, newest first. Reads nothing else of a row, so that one which cannot be read (ST1803, by <see cref="Get"/>)
    /// hides no other.
    /// </summary>
    Task<IReadOnlyList<string>> OpenIds(CancellationToken cancellationToken);

    /// <summary>Actions that undo the given one, newest first.</summary>
    Task<IReadOnlyList<StoredAction>> UndosOf(string actionId, CancellationToken cancellationToken);

    /// <summary>An action's decisions in order, and the digests of all previews it has had with their fingerprints.</summary>
    Task<ActionEvidence> Evidence(string actionId, CancellationToken cancellationToken);

    /// <summary>The chain's entries about one action, in order.</summary>
    Task<IReadOnlyList<AuditEntry>> History(string actionId, CancellationToken cancellationToken);

    /// <summary>A fresh number for one signature about <paramref name="subject"/> (<c>action:ID</c>, <c>policy:DIGEST</c>, <c>unfreeze:NAME</c>), good for <see cref="PolicyRules.NonceLife"/>.</summary>
    Task<Nonce> IssueNonce(string subject, CancellationToken cancellationToken);

    /// <summary>
    /// Uses the decision's nonce (unknown, used, too old, for another subject or another audit head: ST1407), asks <paramref name="judge"/> inside the same transaction,
    /// and stores the decision with the step that the judge names. A refusal is audited and stores nothing else, but the nonce stays used.
    /// </summary>
    Task<Judged> Decide(Decision decision, DecisionJudge judge, CancellationToken cancellationToken);

    /// <summary>Stores a person's signature under a policy (nonce as in <see cref="Decide"/>); makes it the accepted policy when <paramref name="judge"/> says that is enough.</summary>
    Task<Refusal?> Accept(string document, PolicySignature signature, PolicyJudge judge, CancellationToken cancellationToken);

    /// <summary>Signatures gathered for the next epoch.</summary>
    Task<IReadOnlyList<PolicySignature>> WaitingSignatures(CancellationToken cancellationToken);

    /// <summary>Appends a freeze; free for everybody.</summary>
    /// <param name="principal">A name or <see cref="Freezes.All"/>.</param>
    Task Freeze(string principal, CancellationToken cancellationToken);

    /// <summary>Lifts a freeze with a signature whose nonce is used here; the signature becomes part of the audit entry.</summary>
    Task<Refusal?> Unfreeze(UnfreezeOrder order, Func<UnfreezeOrder, Refusal?> judge, CancellationToken cancellationToken);

    /// <summary>Entries in order from a sequence on, payloads included where not erased.</summary>
    IAsyncEnumerable<AuditEntry> Audit(long from, CancellationToken cancellationToken);
}

/// <summary>What <see cref="IStore.Standing"/> answers.</summary>
internal sealed record StoreStanding(int Epoch, DateTimeOffset Now, IReadOnlyList<AuditEntry> Ledger, (long Sequence, string Hash) Head);

/// <summary>A step of an action's life.</summary>
internal sealed record ActionMove(string ActionId, ActionStatus From, ActionStatus To, AuditDraft Audit)
{
    /// <summary>New expiry, where it changes.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The claiming process, where one claims.</summary>
    public string? Server { get; init; }

    /// <summary>How it ended (<see cref="ActionResult"/>).</summary>
    public string? Result { get; init; }
}

/// <summary>What <see cref="IStore.Propose"/> answers: the action as it now stands, or why there is none.</summary>
internal sealed record ProposeResult(StoredAction? Action, Refusal? Refusal, bool Repeated);

internal sealed record ActionEvidence(IReadOnlyList<Decision> Decisions, IReadOnlyDictionary<string, string> PreviewFingerprints);

/// <summary>A number used once, and the audit head that the signature must name.</summary>
internal sealed record Nonce(string Text, string AuditHead, DateTimeOffset Expires);

/// <summary>What the judge says of a decision: a refusal, or the action's next status (pending where more decisions are needed).</summary>
/// <remarks>A step to approved sets the action's expiry to now and <see cref="PolicyRules.ApprovedLife"/>.</remarks>
internal sealed record Judged(Refusal? Refusal, ActionStatus Status)
{
    /// <summary>How the action ended, where the step ends it.</summary>
    public string? Result { get; init; }
}

/// <summary>Pure; called inside the store's transaction with the action as it stands, all earlier decisions and the transaction's time.</summary>
internal delegate Judged DecisionJudge(StoredAction action, ActionEvidence evidence, Decision decision, DateTimeOffset now);

/// <summary>Pure; given the chain so far and all signatures for the next epoch, the new one included. A refusal, or whether it is enough now.</summary>
internal delegate (Refusal? Refusal, bool Enough) PolicyJudge(IReadOnlyList<AcceptedPolicy> chain, IReadOnlyList<PolicySignature> signatures);

/// <summary>A signed order to lift a freeze (<see cref="SignedLines.OfUnfreeze"/>).</summary>
internal sealed record UnfreezeOrder(string Principal, int Epoch, string Key, string Nonce, string AuditHead, string Signature);
