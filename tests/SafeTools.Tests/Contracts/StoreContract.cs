using System.Text.Json.Nodes;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

/// <summary>What every store must do. Derive it, and the store is one of ours.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private readonly List<IStore> _handles = [];

    private protected static CancellationToken None => CancellationToken.None;

    private protected FakeClock Clock { get; } = new();

    private protected TestApprover Alice { get; } = new("alice");

    private protected TestApprover Bob { get; } = new("bob");

    private protected IStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = Kept(await Open(Clock));

    public virtual async Task DisposeAsync()
    {
        foreach (var handle in _handles)
        {
            await handle.DisposeAsync();
        }

        Alice.Dispose();
        Bob.Dispose();
    }

    /// <summary>A new, empty store.</summary>
    private protected abstract Task<IStore> Open(FakeClock clock);

    /// <summary>Another handle on the store that <see cref="Open"/> made, as another process would have.</summary>
    private protected abstract Task<IStore> Reopen(FakeClock clock);

    private protected async Task<IStore> Another() => Kept(await Reopen(Clock));

    private protected async Task<StoredAction> Proposed(string key = "key-1", string principal = "local")
    {
        var action = StoredActions.Pending(Clock.Now, key, principal);
        (await Store.Propose(action, 100, None)).Action.Should().Be(action);
        return action;
    }

    private protected async Task<StoredAction> Approved(string key = "key-1")
    {
        var action = await Proposed(key);
        await Decided(action, ActionStatus.Approved);
        return (await Store.Get(action.Id, None))!;
    }

    private protected async Task<Decision> Decided(StoredAction action, ActionStatus status, Verdict verdict = Verdict.Approve)
    {
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None), verdict);
        (await Store.Decide(decision, (_, _, _, _) => new Judged(null, status), None)).Refusal.Should().BeNull();
        return decision;
    }

    private protected async Task<AcceptedPolicy> Accepted(string note = "first", AcceptedPolicy? before = null)
    {
        var document = TestApprover.PolicyDocument(note, 1, Alice, Bob);
        var nonce = await Store.IssueNonce("policy:" + Digest.Of(document), None);
        (await Store.Accept(document, Alice.Accept(Store.Id, document, before, nonce), (_, _) => (null, true), None)).Should().BeNull();
        return (await Store.Policies(None))[^1];
    }

    private protected async Task<IReadOnlyList<AuditEntry>> Entries(long from = 1)
    {
        var entries = new List<AuditEntry>();
        await foreach (var entry in Store.Audit(from, None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private protected async Task<AuditEntry> LastEntry() => (await Entries())[^1];

    private protected static AuditDraft ReadAnswered(string principal = "local") =>
        new(AuditKind.ReadAnswered, new JsonObject { ["rows"] = 1 }) { Principal = principal, Tool = "query_staging_db", Payload = new JsonObject { ["customer"] = "n1" } };

    private protected static string? FaultOf(IEnumerable<AuditEntry> entries)
    {
        var before = (Sequence: 0L, Hash: AuditChain.Origin, Time: DateTimeOffset.MinValue);
        foreach (var entry in entries)
        {
            if (AuditChain.Fault(before, entry) is { } fault)
            {
                return fault;
            }

            before = (entry.Sequence, entry.Hash, entry.Time);
        }

        return null;
    }

    private IStore Kept(IStore store)
    {
        _handles.Add(store);
        return store;
    }
}
