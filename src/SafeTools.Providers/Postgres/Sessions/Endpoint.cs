namespace SafeTools.Providers.Postgres;

/// <summary>Where a server listens.</summary>
internal sealed record Endpoint(string Host, int Port)
{
    public bool IsLoopback => Host is "localhost" or "::1" || Host.StartsWith("127.", StringComparison.Ordinal) || Host.StartsWith('/');

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
