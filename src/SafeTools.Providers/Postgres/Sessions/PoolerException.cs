namespace SafeTools.Providers.Postgres;

/// <summary>The connection leads through something that shares the server's sessions, where nothing that is set can be relied on.</summary>
internal sealed class PoolerException() : Exception("A connection pooler answers at this address.");
