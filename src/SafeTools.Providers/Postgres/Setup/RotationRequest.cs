namespace SafeTools.Providers.Postgres;

/// <summary>What the text of <see cref="RotationScript"/> is to be about.</summary>
internal sealed record RotationRequest
{
    /// <summary>A name of ours for the application whose password is rotated; policies name it.</summary>
    public required string Service { get; init; }

    /// <summary>The role through which the application may do what it may do; each slot's role is its member.</summary>
    public required string OwnerRole { get; init; }

    /// <summary>The login roles of slot a and, where there are two, of slot b.</summary>
    public required IReadOnlyList<string> Slots { get; init; }

    /// <summary>The role that may set and retire the slots' passwords and do nothing else.</summary>
    public required string Rotator { get; init; }

    /// <summary>The only database in which the text is to run; null lets it run in any.</summary>
    public string? Database { get; init; }

    /// <summary>Checks what a person typed. The text names nothing that was not checked here.</summary>
    /// <param name="fault">Why there is no request.</param>
    public static RotationRequest? Of(string service, string ownerRole, IReadOnlyList<string> slots, string rotator, string? database, out string fault)
    {
        string[] roles = [ownerRole, rotator, .. slots];
        fault = !IsService(service) ? "--service must have letters, digits, dot, dash and _, at most 63."
            : slots.Count is not (1 or 2) ? "--slot must be given once, or twice for two slots."
            : roles.Any(role => !IsRole(role)) ? "--owner-role, --slot and --rotator must be names that a role may have: 1 to 63 bytes, no control characters, neither pg_… nor one that PostgreSQL or SafeTools keeps for itself."
            : roles.Distinct(StringComparer.Ordinal).Count() < roles.Length ? "--owner-role, --slot and --rotator must name a role each, all of them different."
            : database is not null && !MaskedColumn.IsName(database) ? "--database must be a name: 1 to 63 bytes, no control characters."
            : "";
        return fault.Length > 0 ? null : new RotationRequest { Service = service, OwnerRole = ownerRole, Slots = [.. slots], Rotator = rotator, Database = database };
    }

    /// <summary>Whether a policy may name a service so.</summary>
    public static bool IsService(string text) => text.Length is > 0 and <= 63 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static bool IsRole(string name) => MaskedColumn.IsName(name) && !name.StartsWith("pg_", StringComparison.Ordinal) && name is not ("public" or "none" or RoleScript.Others);
}
