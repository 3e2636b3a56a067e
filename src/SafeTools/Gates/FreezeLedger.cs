using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>Works out who is frozen from the audit alone: a freeze ends only by an entry whose signature verifies.</summary>
internal static class FreezeLedger
{
    /// <param name="entries">Of kind frozen and unfrozen, in order.</param>
    /// <param name="policies">All accepted policies; an order is verified with the approvers of its own epoch.</param>
    public static Freezes Of(string storeId, IEnumerable<AuditEntry> entries, IReadOnlyList<AcceptedPolicy> policies)
    {
        var frozen = new HashSet<string>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Kind == AuditKind.Frozen.Word())
            {
                frozen.Add(entry.BodyJson["principal"]!.GetValue<string>());
            }
            else if (entry.Kind == AuditKind.Unfrozen.Word() && Order(entry.BodyJson) is { } order && used.Add(order.Nonce) && Verify(storeId, order, policies) is null)
            {
                frozen.Remove(order.Principal);
            }
        }

        return new Freezes(frozen.Contains(Freezes.All), frozen);
    }

    /// <summary>Why an order given now does not count; null when it does. An approver of an older policy may have been removed since.</summary>
    public static Refusal? Rule(string storeId, UnfreezeOrder order, IReadOnlyList<AcceptedPolicy> policies) =>
        policies.Count > 0 && order.Epoch != policies[^1].Epoch
            ? RefusalCatalog.PolicyChanged.Because("The order was signed under another accepted policy.")
            : Verify(storeId, order, policies);

    /// <summary>Why an order of the past does not count; null when it does.</summary>
    public static Refusal? Verify(string storeId, UnfreezeOrder order, IReadOnlyList<AcceptedPolicy> policies)
    {
        var policy = policies.FirstOrDefault(known => known.Epoch == order.Epoch);
        var approver = policy is null ? null : PolicyDocument.Approvers(policy.Document).FirstOrDefault(known => known.Key.Text == order.Key && known.ApprovesEverything);
        if (approver is null)
        {
            return RefusalCatalog.NotAnApprover.Because($"Only an approver of {Approver.Everything} may lift a freeze.");
        }

        return DecisionVerifier.Signed(approver.Key, SignedLines.OfUnfreeze(storeId, order.Epoch, order.Principal, order.Nonce, order.AuditHead), order.Signature)
            ? null
            : RefusalCatalog.SignatureInvalid.Because("The signature is not this key's over this order.");
    }

    private static UnfreezeOrder? Order(JsonObject body) =>
        body["principal"]?.GetValue<string>() is { } principal && body["key"]?.GetValue<string>() is { } key
            ? new UnfreezeOrder(
                principal,
                body["epoch"]!.GetValue<int>(),
                key,
                body["nonce"]!.GetValue<string>(),
                body["audit_head"]!.GetValue<string>(),
                body["signature"]!.GetValue<string>())
            : null;
}
