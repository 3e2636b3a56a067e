namespace SafeTools;

/// <summary>How a state store that is a SQLite file is known for what it is, so that no tool ever serves it as a database.</summary>
public static class StoreFile
{
    /// <summary>SQLite's <c>application_id</c>: "sfts" (sqlite.org/pragma.html#pragma_application_id).</summary>
    public const int ApplicationId = 0x73667473;
}
