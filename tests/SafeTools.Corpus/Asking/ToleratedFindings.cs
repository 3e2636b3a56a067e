namespace SafeTools.Corpus.Asking;

/// <summary>
/// What only a superuser could mend in a database that nobody hardened: everybody may execute functions of PostgreSQL, of extensions and of the shop,
/// write code in statements, and pass through a mapping to another server.
/// </summary>
internal static class ToleratedFindings
{
    /// <summary>As attestation names them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [];
}
