namespace SafeTools.Providers.Postgres;

/// <summary>A tree nests deeper than is read.</summary>
internal sealed class TreeTooDeepException() : FormatException("The tree is too deep.");
