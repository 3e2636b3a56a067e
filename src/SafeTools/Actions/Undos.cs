namespace SafeTools;

/// <summary>Turns the wish to take an action back into an action of its own. Pure.</summary>
internal static class Undos
{
    public static Refusal? Bind(
        string asker,
        StoredAction? undone,
        IReadOnlyList<AuditEntry> history,
        IReadOnlyList<StoredAction> undos,
        string? reason,
        Standing standing,
        IReadOnlyList<IProvider> providers,
        out Action? action)
    {
        action = null;
        var human = asker == Humans.Principal.Name;
        if (undone is null || (!human && undone.Principal != asker))
        {
            return RefusalCatalog.NoSuchProposal.Because("There is no such action of yours.");
        }

        if (!ActionHistory.Succeeded(undone, history) || ActionResult.Undo(undone) is not { } offer || undos.Any(undo => undo.Status == ActionStatus.Succeeded))
        {
            return RefusalCatalog.CannotUndo.Because(ActionLife.IsOpen(undone.Status)
                ? $"{undone.Id} is {undone.Status.Word()}: nothing is known to be done that could be taken back."
                : $"{undone.Id} is {undone.Status.Word()} and has no undo, or was undone already.");
        }

        var principal = human ? Humans.Principal : standing.Policy.Principals.GetValueOrDefault(asker);
        var tool = standing.Policy.Tools.GetValueOrDefault(undone.Tool);
        var operations = providers.SelectMany(provider => provider.Operations).ToArray();
        var operation = operations.FirstOrDefault(known => known.Name == offer.Operation);
        var done = operations.FirstOrDefault(known => known.Name == ActionDocument.Operation(undone.Document));
        if (principal is null || tool is null || operation is null || done?.Undo != operation.Name || tool.Resource.Name != undone.Resource)
        {
            return RefusalCatalog.PolicyChanged.Because("The accepted policy no longer holds the tool that did it.");
        }

        var said = reason is null ? (System.Text.Json.JsonElement?)null : JsonValues.Of(reason);
        if (said is { } words && ArgumentBinder.ReasonFault(words) is { } fault)
        {
            return fault;
        }

        action = new Action
        {
            Id = Identifier.NewAction(),
            Principal = principal,
            Tool = tool,
            Operation = operation,
            Arguments = offer.Arguments,
            Reason = said?.GetString(),
            Undoes = undone.Id,
        };
        return null;
    }
}
