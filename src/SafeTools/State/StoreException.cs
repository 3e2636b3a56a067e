namespace SafeTools;

/// <summary>The store cannot keep its word (disk full, locked, edited, clock gone back). Nothing may run without it.</summary>
public sealed class StoreException : Exception
{
    public StoreException()
        : this(RefusalCatalog.StateUnavailable.Because("The state store cannot be used."))
    {
    }

    public StoreException(string message)
        : this(RefusalCatalog.StateUnavailable.Because(message))
    {
    }

    public StoreException(string message, Exception innerException)
        : this(RefusalCatalog.StateUnavailable.Because(message), innerException)
    {
    }

    internal StoreException(Refusal refusal, Exception? innerException = null)
        : base(refusal.ToString(), innerException) => Refusal = refusal;

    /// <summary>Safe to show.</summary>
    internal Refusal Refusal { get; }

    /// <summary>For the person at the command line alone: which path, and what helps. Never shown to an agent.</summary>
    internal string? Advice { get; init; }
}
