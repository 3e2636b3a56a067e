namespace SafeTools.Providers.Postgres;

/// <summary>A statement that looked like one read before anything was sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Body">What the server analyses: for EXPLAIN the statement behind it, for SHOW nothing.</param>
/// <param name="Run">What is sent to be executed.</param>
/// <param name="Names">Every name in it, quotes taken off, and every run of operator characters. Compared without regard to case, because how letters beyond ASCII are folded depends on the server's encoding.</param>
internal sealed record ReadText(ReadKind Kind, string Body, string Run, IReadOnlySet<string> Names);
