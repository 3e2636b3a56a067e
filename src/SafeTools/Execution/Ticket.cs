namespace SafeTools;

/// <summary>
/// Proof that the gate said yes to exactly this. Only the core can make one, so a provider cannot compile a call that lets itself run.
/// </summary>
public sealed class Ticket
{
    internal Ticket(string actionId, OperationRequest request, IReadOnlyDictionary<string, string> fingerprint) =>
        (ActionId, Request, Fingerprint) = (actionId, request, fingerprint);

    /// <summary>The action's id, unique for ever; a provider names what it makes after it, so that <see cref="IProvider.Probe"/> can find it.</summary>
    public string ActionId { get; }

    public OperationRequest Request { get; }

    /// <summary>The preview's fingerprint; the provider makes it a precondition of the act wherever it can.</summary>
    public IReadOnlyDictionary<string, string> Fingerprint { get; }
}
