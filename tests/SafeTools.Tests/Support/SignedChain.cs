using System.Text.Json.Nodes;

namespace SafeTools.Tests.Support;

/// <summary>A chain in memory as a store would write it, with real signatures.</summary>
internal sealed class SignedChain
{
    public const string StoreId = "store-0000000000000000";

    private readonly TestApprover _alice;
    private readonly List<AuditEntry> _entries = [];
    private DateTimeOffset _now = new(2026, 4, 24, 12, 0, 0, TimeSpan.Zero);
    private AcceptedPolicy? _policy;
    private int _actions;

    public SignedChain(TestApprover alice)
    {
        _alice = alice;
        Append(AuditDrafts.StoreCreated(StoreId));
        Accept();
    }

    public IReadOnlyList<AuditEntry> Entries => _entries;

    public IReadOnlyList<Approver>? Approvers(int epoch) => epoch <= _policy!.Epoch && epoch > 0 ? [_alice.Approver] : null;

    /// <summary>One of the things that happen, by number.</summary>
    public void Happen(int what)
    {
        switch (what)
        {
            case 0:
                Accept();
                break;
            case 1:
                Decide();
                break;
            case 2:
                Append(AuditDrafts.Frozen("nightly"));
                Unfreeze();
                break;
            default:
                Read();
                break;
        }
    }

    public void Read() => Append(new AuditDraft(AuditKind.ReadAnswered, new JsonObject { ["rows"] = 1 }) { Principal = "local", Payload = new JsonObject { ["customer"] = "n1" } });

    public (StoredAction Action, Decision Decision) Decide(Func<Decision, Decision>? change = null)
    {
        var action = StoredActions.Pending(_now, $"key-{++_actions}");
        Append(AuditDrafts.Proposed(action));
        var decision = _alice.Decide(StoreId, action, Issue("action:" + action.Id), epoch: _policy!.Epoch);
        decision = change?.Invoke(decision) ?? decision;
        Append(AuditDrafts.Accepted(decision, action, ActionStatus.Approved));
        return (action, decision);
    }

    public void Unfreeze() => Append(AuditDrafts.Unfrozen(_alice.Unfreeze(StoreId, "nightly", Issue("unfreeze:nightly"), _policy!.Epoch)));

    public void Accept()
    {
        var document = TestApprover.PolicyDocument($"policy {_entries.Count}", 1, _alice);
        var signature = _alice.Accept(StoreId, document, _policy, Issue("policy:" + Digest.Of(document)));
        _policy = new AcceptedPolicy(signature.Epoch, document, [signature]);
        Append(AuditDrafts.Accepted(signature, enough: true));
    }

    public Nonce Issue(string subject)
    {
        var text = Identifier.NewNonce();
        return new Nonce(text, Append(AuditDrafts.NonceIssued(subject, text)).Hash, _now + PolicyRules.NonceLife);
    }

    public AuditEntry Append(AuditDraft draft)
    {
        _now += TimeSpan.FromSeconds(1);
        var entry = AuditChain.Next(_entries is [.., var head] ? (head.Sequence, head.Hash) : (0, AuditChain.Origin), draft, _now);
        _entries.Add(entry);
        return entry;
    }

    public AuditVerification Verify(IReadOnlyList<AuditEntry>? entries = null)
    {
        var verifier = new AuditVerifier(StoreId, Approvers);
        foreach (var entry in entries ?? _entries)
        {
            verifier.Read(entry);
        }

        return verifier.Result;
    }

    /// <summary>What a careful forger does after an edit: numbers and hashes everything anew.</summary>
    public static IReadOnlyList<AuditEntry> Relink(IEnumerable<AuditEntry> entries)
    {
        var linked = new List<AuditEntry>();
        foreach (var entry in entries)
        {
            var moved = entry with { Sequence = linked.Count + 1, Previous = linked is [.., var before] ? before.Hash : AuditChain.Origin };
            linked.Add(moved with { Hash = AuditChain.HashOf(moved) });
        }

        return linked;
    }
}
