using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>What this provider can do.</summary>
internal static class PostgresOperations
{
    private const string UndoName = "postgres.undo_rotation";

    public const string Sql = "sql";
    public const string Schema = "schema";
    public const string Relation = "relation";
    public const string Credential = "credential";

    /// <summary>What mends a password; docs/credentials.md.</summary>
    public const string Rotate = "postgres.rotate_credential";
    public const string Rotation = "rotation";

    /// <summary>In UTF-16 code units.</summary>
    public const int LongestStatement = 16 * 1024;

    public static Operation Statement { get; } = new()
    {
        Name = "postgres.statement",
        Summary = "Runs the SELECT that the spec holds.",
        Floor = Effect.Read,
        SpecDeclaresParameters = true,
        Settings = [new Setting(PostgresSettings.Statement, SettingKind.Text, "One SELECT; $1, $2, … stand for the declared parameters, in their order.")],
    };

    public static Operation Query { get; } = new()
    {
        Name = "postgres.query",
        Summary = "Runs one SELECT that the agent writes.",
        Floor = Effect.Read,
        Parameters =
        [
            new Parameter
            {
                Name = Sql,
                Type = ParameterType.String,
                Description = "One SELECT, VALUES, TABLE or WITH … SELECT; EXPLAIN without ANALYZE; or SHOW of a harmless setting.",
                MinLength = 1,
                MaxLength = LongestStatement,
            },
        ],
    };

    public static Operation Describe { get; } = new()
    {
        Name = "postgres.describe",
        Summary = "Describes the schemas, tables, columns, keys and indexes that the credential may read.",
        Floor = Effect.Read,
        Parameters =
        [
            new Parameter { Name = Schema, Type = ParameterType.String, Required = false, MinLength = 1, MaxLength = 63, Description = "Only this schema; without it, all of them are listed." },
            new Parameter { Name = Relation, Type = ParameterType.String, Required = false, MinLength = 1, MaxLength = 63, Description = "Only this table or view, with its columns, keys and indexes." },
        ],
    };

    public static Operation Diagnose { get; } = new()
    {
        Name = "postgres.diagnose_credential",
        Summary = "Says why a credential does not work, or that it leads elsewhere, without revealing anything of it.",
        Floor = Effect.Read,
        Parameters =
        [
            new Parameter
            {
                Name = Credential,
                Type = ParameterType.String,
                Required = false,
                Enum = [.. CheckedCredentials.Words.Select(Word)],
                Description = "application: the one that an application uses; tools: the one of this resource's own tools; rotator: the one that rotates the application's. Without it, the application's where there is one.",
            },
        ],
        Limits = new Limits(100, 64 * 1024, TimeSpan.FromSeconds(20)),
    };

    public static Operation RotateCredential { get; } = new()
    {
        Name = Rotate,
        Summary = "Gives the application that the resource names a new password; the earlier one works until a grace ends.",
        Floor = Effect.Reversible,
        Undo = UndoName,
    };

    public static Operation UndoRotation { get; } = new()
    {
        Name = UndoName,
        Summary = "Gives the application its earlier credential again, as long as the grace of the rotation runs.",
        Floor = Effect.Reversible,
        Undo = RotateCredential.Name,
        OnlyAsUndo = true,
        Parameters = [new Parameter { Name = Rotation, Type = ParameterType.String, MinLength = 1, MaxLength = 64, Description = "The action that rotated." }],
    };

    /// <summary>What a session lets a statement take at most: no tool may allow more.</summary>
    public static TimeSpan Longest { get; } = Limits.Default.Time;

    public static IReadOnlyList<Operation> All { get; } = [RotateCredential, UndoRotation, Statement, Query, Describe, Diagnose];

    private static JsonElement Word(string word)
    {
        using var document = JsonDocument.Parse($"\"{word}\"");
        return document.RootElement.Clone();
    }
}
