namespace SafeTools.Providers.Postgres;

/// <summary>The server is not the one that the policy pins.</summary>
/// <param name="what">What differs, safe to show: "its TLS key is not the pinned one".</param>
internal sealed class WrongServerException(string what) : Exception(what);
