using System.Runtime.CompilerServices;

namespace SafeTools.Server.State;

/// <summary>What is asked of the store, and entries that others draft.</summary>
internal sealed partial class SqliteStore
{
    private const int AuditPage = 256;

    public Task Record(AuditDraft draft, CancellationToken cancellationToken) => Change(
        change => { change.Append(draft); },
        cancellationToken);

    public Task<IReadOnlyList<AcceptedPolicy>> Policies(CancellationToken cancellationToken) => Read(_policies.All, cancellationToken);

    public Task<StoreStanding> Standing(CancellationToken cancellationToken) => Read(
        () =>
        {
            var head = Head();
            return new StoreStanding(_policies.Epoch(), Now(head), _audit.Ledger(), (head.Sequence, head.Hash));
        },
        cancellationToken);

    public Task<StoredAction?> Get(string actionId, CancellationToken cancellationToken) => Read(() => _actions.Find(actionId), cancellationToken);

    public Task<IReadOnlyList<StoredAction>> List(string? principal, bool open, int most, CancellationToken cancellationToken) =>
        Read(() => _actions.List(principal, open, most), cancellationToken);

    public Task<IReadOnlyList<string>> OpenIds(CancellationToken cancellationToken) => Read(_actions.OpenIds, cancellationToken);

    public Task<IReadOnlyList<StoredAction>> UndosOf(string actionId, CancellationToken cancellationToken) =>
        Read(() => _actions.UndosOf(actionId), cancellationToken);

    public Task<ActionEvidence> Evidence(string actionId, CancellationToken cancellationToken) => Read(() => EvidenceOf(actionId), cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> History(string actionId, CancellationToken cancellationToken) => Read(() => _audit.Of(actionId), cancellationToken);

    public Task<IReadOnlyList<PolicySignature>> WaitingSignatures(CancellationToken cancellationToken) =>
        Read(() => _policies.Signatures(_policies.Epoch() + 1), cancellationToken);

    public async IAsyncEnumerable<AuditEntry> Audit(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page: nothing is locked while the reader thinks. Entries are only ever added behind.
        for (var next = from; ;)
        {
            var start = next;
            var page = await Read(() => _audit.From(start, AuditPage), cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < AuditPage)
            {
                yield break;
            }

            next = page[^1].Sequence + 1;
        }
    }

    private ActionEvidence EvidenceOf(string actionId) => new(_decisions.Of(actionId), _actions.Previews(actionId));
}
