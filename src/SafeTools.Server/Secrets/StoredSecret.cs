namespace SafeTools.Server.Secrets;

/// <param name="Set">When this value was put.</param>
/// <param name="Version">Which value under this name it is: 1, 2, … A name that was removed begins anew.</param>
internal sealed record StoredSecret(Secret Value, DateTimeOffset Set, long Version);
