using System.CommandLine;
using System.Text.Json.Nodes;
using Humanizer;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools audit tail|verify|export</c>.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var number = new Option<int>("--number", "-n") { Description = "how many entries", DefaultValueFactory = _ => 20 };
        var tail = new Command("tail", "The newest entries") { number };
        Verb.Bind(tail, (verb, cancellationToken) => Tail(verb, Math.Clamp(verb.Parsed.GetValue(number), 1, 100_000), cancellationToken), needsStore: true);

        var verify = new Command("verify", "Check every link and every signature");
        Verb.Bind(verify, Verify, needsStore: true);

        var export = new Command("export", "All entries as JSON lines, hashes included");
        Verb.Bind(export, Export, needsStore: true);

        return new Command("audit", "What happened: a chain of hashes, anchored by every signature") { tail, verify, export };
    }

    private static async Task<int> Tail(Verb verb, int number, CancellationToken cancellationToken)
    {
        var policies = await verb.Runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        var approvers = PolicyVerifier.Verify(verb.Runtime.Store.Id, policies) is null
            ? policies.SelectMany(policy => PolicyDocument.Approvers(policy.Document)).GroupBy(approver => approver.Key.Text).ToDictionary(key => key.Key, key => key.Last().Name)
            : [];
        var head = (await verb.Runtime.Store.Standing(cancellationToken).ConfigureAwait(false)).Head.Sequence;
        await foreach (var entry in verb.Runtime.Store.Audit(Math.Max(1, head - number + 1), cancellationToken).ConfigureAwait(false))
        {
            if (verb.Terminal.Json)
            {
                verb.Terminal.Write(Json(entry));
            }
            else
            {
                verb.Terminal.Line(Line(entry, approvers));
            }
        }

        return ExitCode.Done;
    }

    private static async Task<int> Verify(Verb verb, CancellationToken cancellationToken)
    {
        var (terminal, store) = (verb.Terminal, verb.Runtime.Store);
        var policies = await store.Policies(cancellationToken).ConfigureAwait(false);
        var broken = PolicyVerifier.Verify(store.Id, policies);
        if (broken is null && !PolicyVerifier.Told((await store.Standing(cancellationToken).ConfigureAwait(false)).Ledger).SequenceEqual(policies.Select(policy => (policy.Epoch, policy.Digest))))
        {
            broken = RefusalCatalog.PolicyNotSigned.Because("The accepted policies in the store are not those that the audit tells of.");
        }

        var approvers = (broken is null ? policies : []).ToDictionary(policy => policy.Epoch, policy => PolicyDocument.Approvers(policy.Document));
        var found = await AuditVerifier.Verify(store.Id, store.Audit(1, cancellationToken), approvers.GetValueOrDefault, cancellationToken).ConfigureAwait(false);
        if (terminal.Json)
        {
            terminal.Write(new JsonObject
            {
                ["entries"] = found.Entries,
                ["whole"] = found.Fault is null && broken is null,
                ["fault"] = found.Fault?.Words ?? broken?.Message,
                ["anchored"] = found.Anchored,
                ["after_anchor"] = found.AfterAnchor,
            });
        }
        else if (found.Fault is { } fault)
        {
            terminal.Line(terminal.Bad($"The audit does not verify: {fault.Words} (at entry {fault.Sequence} of {found.Entries})."));
        }
        else if (broken is not null)
        {
            terminal.Line(terminal.Bad(broken.Message));
        }
        else
        {
            terminal.Line(terminal.Good($"The audit verifies: {"entry".ToQuantity(found.Entries)}, unbroken."));
            terminal.Line(found.Anchored == 0
                ? "No approver has signed yet: nothing outside the store vouches for it."
                : $"Up to entry {found.Anchored} an approver's signature vouches for it; {found.AfterAnchor} lie after.");
        }

        return found.Fault is null && broken is null ? ExitCode.Done : ExitCode.Found;
    }

    private static async Task<int> Export(Verb verb, CancellationToken cancellationToken)
    {
        await foreach (var entry in verb.Runtime.Store.Audit(1, cancellationToken).ConfigureAwait(false))
        {
            verb.Terminal.Write(Json(entry));
        }

        return ExitCode.Done;
    }

    private static JsonObject Json(AuditEntry entry)
    {
        var json = entry.ToJson();
        json["hash"] = entry.Hash;
        if (entry.Payload is { } payload)
        {
            json["payload"] = new JsonObject { ["salt"] = payload.Salt, ["text"] = payload.Text };
        }

        return json;
    }

    private static string? Name(AuditEntry entry, IReadOnlyDictionary<string, string> approvers) =>
        entry.BodyJson["key"]?.GetValue<string>() is { } key ? $"by {approvers.GetValueOrDefault(key, "a key that nobody has")}" : null;

    private static string Line(AuditEntry entry, IReadOnlyDictionary<string, string> approvers)
    {
        var who = string.Join(' ', new[] { entry.Principal ?? entry.BodyJson["principal"]?.GetValue<string>(), entry.Tool, entry.ActionId, Name(entry, approvers) }.OfType<string>().Select(part => VisibleText.Line(part, 64)));
        var code = entry.BodyJson["code"]?.GetValue<string>() ?? entry.BodyJson["verdict"]?.GetValue<string>() ?? entry.BodyJson["status"]?.GetValue<string>();
        return $"{entry.Sequence,6}  {PreviewDocument.Time(entry.Time)[..19].Replace('T', ' ')}  {VisibleText.Line(entry.Kind, 32),-18} {who}{(code is null ? "" : $"  {VisibleText.Line(code, 32)}")}";
    }
}
