namespace SafeTools;

/// <summary>One kind of refusal. Made only by <see cref="RefusalCatalog"/>, so that the list in docs/refusals.md is whole.</summary>
public sealed class RefusalCode
{
    internal RefusalCode(string id, string title, string remedy) => (Id, Title, Remedy) = (id, title, remedy);

    /// <summary><c>ST</c> and four digits, never reused.</summary>
    public string Id { get; }

    /// <summary>What it means, in a few words.</summary>
    public string Title { get; }

    /// <summary>What helps, for whoever reads docs/refusals.md.</summary>
    public string Remedy { get; }

    /// <summary>A refusal of this kind.</summary>
    public Refusal Because(string message) => new(this, message);

    public override string ToString() => Id;
}
