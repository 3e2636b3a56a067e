namespace SafeTools.Providers.Postgres;

/// <summary>One token.</summary>
/// <param name="Text">A name without its quotes, the operator, the number; empty for strings.</param>
/// <param name="Start">Where it begins in the statement, in UTF-16 code units.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Start);
