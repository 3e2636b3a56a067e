using System.Text.RegularExpressions;

namespace SafeTools.Providers.Postgres;

/// <summary>What the text of <see cref="RoleScript"/> is to be about.</summary>
internal sealed partial record RoleRequest
{
    public required string Role { get; init; }

    /// <summary>The only database in which the text is to run; null lets it run in any.</summary>
    public string? Database { get; init; }

    /// <summary>What the role may read, at least one.</summary>
    public required IReadOnlyList<string> Schemas { get; init; }

    /// <summary>What the database is marked as; null leaves its comment alone.</summary>
    public string? Environment { get; init; }

    public IReadOnlyList<MaskedColumn> Masked { get; init; } = [];

    /// <summary>Checks what a person typed. The text names nothing that was not checked here.</summary>
    /// <param name="role">A role that may exist.</param>
    /// <param name="masked">Each as <see cref="MaskedColumn.Form"/>.</param>
    /// <param name="fault">Why there is no request.</param>
    public static RoleRequest? Of(string role, string? database, IReadOnlyList<string> schemas, string? environment, IReadOnlyList<string> masked, out string fault)
    {
        var columns = masked.Select(MaskedColumn.Parse).ToArray();
        fault = !MaskedColumn.IsName(role) || role.StartsWith("pg_", StringComparison.Ordinal) || role is "public" or "none" or RoleScript.Others
                ? "--role must be a name that a role may have: 1 to 63 bytes, no control characters, neither pg_… nor one that PostgreSQL or SafeTools keeps for itself."
            : database is not null && !MaskedColumn.IsName(database) ? "--database must be a name: 1 to 63 bytes, no control characters."
            : schemas.Any(schema => !MaskedColumn.IsName(schema) || schema.StartsWith("pg_", StringComparison.Ordinal) || schema is "information_schema" or RoleScript.Views)
                ? $"--schema must be the name of a schema of your own: 1 to 63 bytes, no control characters; not pg_…, information_schema or {RoleScript.Views}."
            : environment is not null && !Marker().IsMatch(environment) ? "--environment must have letters, digits, dot, dash and _, at most 64."
            : columns.Contains(null) ? $"--mask must be {MaskedColumn.Form}."
            : columns.Any(column => !schemas.Contains(column!.Schema, StringComparer.Ordinal)) ? "--mask must name a column in a schema that --schema names."
            : "";
        return fault.Length > 0 ? null : new RoleRequest
        {
            Role = role,
            Database = database,
            Schemas = [.. schemas.Distinct(StringComparer.Ordinal)],
            Environment = environment,
            Masked = [.. columns.OfType<MaskedColumn>().Distinct()],
        };
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
