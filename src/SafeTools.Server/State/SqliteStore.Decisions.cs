namespace SafeTools.Server.State;

/// <summary>What takes a signature: each uses up its number, and is audited whether it counts or not.</summary>
internal sealed partial class SqliteStore
{
    public Task<Nonce> IssueNonce(string subject, CancellationToken cancellationToken) => Change(
        change =>
        {
            var text = Identifier.NewNonce();
            var entry = change.Append(AuditDrafts.NonceIssued(subject, text));
            var nonce = new Nonce(text, entry.Hash, change.Now + PolicyRules.NonceLife);
            _nonces.Add(nonce, subject);
            return nonce;
        },
        cancellationToken);

    public Task<Judged> Decide(Decision decision, DecisionJudge judge, CancellationToken cancellationToken) => Change(
        change =>
        {
            var action = _actions.Find(decision.ActionId);
            var refusal = _nonces.Use(decision.Nonce, "action:" + decision.ActionId, decision.AuditHead, change.Now)
                ?? (action is null ? RefusalCatalog.NoSuchProposal.Because("No action has this id.") : null);
            var judged = refusal is not null || action is null
                ? new Judged(refusal, action?.Status ?? ActionStatus.Pending)
                : judge(action, EvidenceOf(action.Id), decision, change.Now);
            if (judged.Refusal is { } why)
            {
                change.Append(AuditDrafts.Refused(decision, action, why));
                return judged;
            }

            _decisions.Add(decision);
            if (judged.Status != action!.Status)
            {
                Require(ActionLife.Allows(action.Status, judged.Status), "An action's life has no such step.");
                DateTimeOffset? expires = judged.Status == ActionStatus.Approved ? change.Now + PolicyRules.ApprovedLife : null;
                _actions.Step(action.Id, action.Status, judged.Status, change.Now, expires, null, judged.Result);
            }

            change.Append(AuditDrafts.Accepted(decision, action, judged.Status));
            return judged;
        },
        cancellationToken);

    public Task<Refusal?> Accept(string document, PolicySignature signature, PolicyJudge judge, CancellationToken cancellationToken) => Change(
        change =>
        {
            var digest = Digest.Of(document);
            var next = _policies.Epoch() + 1;
            var refusal = _nonces.Use(signature.Nonce, "policy:" + digest, signature.AuditHead, change.Now)
                ?? (signature.PolicyDigest != digest ? RefusalCatalog.SignatureInvalid.Because("The signature is under another policy.")
                    : signature.Epoch != next ? RefusalCatalog.PolicyChanged.Because("Another policy was accepted in the meantime.")
                    : null);
            var enough = false;
            if (refusal is null)
            {
                var others = _policies.Signatures(next).Where(earlier => earlier.PolicyDigest != digest || earlier.Key != signature.Key);
                (refusal, enough) = judge(_policies.All(), [.. others, signature]);
            }

            if (refusal is not null)
            {
                change.Append(AuditDrafts.Refused(signature, refusal));
                return refusal;
            }

            _policies.Add(signature);
            if (enough)
            {
                _policies.Add(next, document);
            }

            change.Append(AuditDrafts.Accepted(signature, enough));
            return null;
        },
        cancellationToken);

    public Task Freeze(string principal, CancellationToken cancellationToken) => Change(
        change => { change.Append(AuditDrafts.Frozen(principal)); },
        cancellationToken);

    public Task<Refusal?> Unfreeze(UnfreezeOrder order, Func<UnfreezeOrder, Refusal?> judge, CancellationToken cancellationToken) => Change(
        change =>
        {
            var refusal = _nonces.Use(order.Nonce, "unfreeze:" + order.Principal, order.AuditHead, change.Now) ?? judge(order);
            change.Append(refusal is null ? AuditDrafts.Unfrozen(order) : AuditDrafts.Refused(order, refusal));
            return refusal;
        },
        cancellationToken);
}
