namespace SafeTools.Providers.Postgres;

/// <summary>A statement that looked like one read before anything was sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Body">What the server analyses: for EXPLAIN the statement behind it, for SHOW nothing.</param>
/// <param name="Run">What is sent to be executed.</param>
/// <param name="Names">Every name in it, folded as the server folds, quotes taken off; operators too.</param>
internal sealed record ReadText(ReadKind Kind, string Body, string Run, IReadOnlySet<string> Names);
