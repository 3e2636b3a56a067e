namespace SafeTools.Providers.Postgres;

/// <summary>How the session reaches the server, as the client knows it: the server tells a hardened role nothing of it.</summary>
/// <param name="Encrypted">TLS was agreed on.</param>
/// <param name="TlsKey">The server's public key as <c>identity.tls_key</c> pins it; null without TLS.</param>
internal sealed record Channel(bool Encrypted, string? TlsKey);
