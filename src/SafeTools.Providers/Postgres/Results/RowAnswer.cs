namespace SafeTools.Providers.Postgres;

/// <summary>What reading an answer came to.</summary>
/// <param name="Execution">The rows, or why there are none.</param>
/// <param name="LeftUnread">The server may still be sending: cancel it, since ending the reader would wait for all that is left.</param>
internal sealed record RowAnswer(Execution Execution, bool LeftUnread);
