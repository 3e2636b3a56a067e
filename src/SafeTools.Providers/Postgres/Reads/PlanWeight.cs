using System.Text.Json;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How much a statement that gathers rows in memory would gather: rows by the planner's own estimate, their width by what the tree shows. An aggregate such
/// as jsonb_agg keeps its whole input in one value, up to 1 GB, and no setting of the server bounds it below that.
/// </summary>
internal static class PlanWeight
{
    /// <summary>Rows that one step of the plan may give.</summary>
    public const double MostRows = 500_000;

    /// <summary>Bytes that one step of the plan may give.</summary>
    public const double MostBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Of a step of which the planner knows nothing (a recursion, a series between values that are not constants), so that it may give as many rows as its
    /// time allows, about a million a second: 512 bytes.
    /// </summary>
    public const double WidestUnknown = 9;

    private static readonly string[] Recursions = ["Recursive Union", "WorkTable Scan"];
    private static readonly string[] Functions = ["ProjectSet", "Function Scan", "Table Function Scan"];

    /// <summary>No refusal where it is light enough; and whether the planner only guessed how many rows there are.</summary>
    /// <param name="width">How wide a gathered row is at most, as a power of two of bytes.</param>
    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static async Task<(Refusal? Refusal, bool Guessed)> Judge(NpgsqlConnection connection, string body, double width, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) {body}", connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        using var plan = JsonDocument.Parse(reader.GetString(0));
        return IsLight(plan.RootElement, width)
            ? (null, HoldsAGuess(plan.RootElement))
            : (RefusalCatalog.StatementTooCostly.Because("The statement would gather more rows in one value than a read may hold. Narrow it, or aggregate to numbers."), true);
    }

    private static bool HoldsAGuess(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(HoldsAGuess),
        JsonValueKind.Object => IsGuessedStep(element) || element.EnumerateObject().Any(property => HoldsAGuess(property.Value)),
        _ => false,
    };

    private static bool IsGuessedStep(JsonElement step) =>
        step.TryGetProperty("Node Type", out var kind) && step.TryGetProperty("Plan Rows", out var rows)
        && (Recursions.Contains(kind.GetString(), StringComparer.Ordinal) || (Functions.Contains(kind.GetString(), StringComparer.Ordinal) && IsGuess(rows.GetDouble())));

    /// <summary>Pure.</summary>
    public static bool IsLight(JsonElement element, double width) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().All(item => IsLight(item, width)),
        JsonValueKind.Object => IsLightStep(element, width) && element.EnumerateObject().All(property => IsLight(property.Value, width)),
        _ => true,
    };

    private static bool IsLightStep(JsonElement step, double width)
    {
        if (!step.TryGetProperty("Plan Rows", out var rows) || !step.TryGetProperty("Plan Width", out var planned))
            return true;
        if (width > WidestUnknown && IsGuessedStep(step))
            return false;
        return rows.GetDouble() <= MostRows && rows.GetDouble() * Math.Max(planned.GetDouble(), Math.Pow(2, width)) <= MostBytes;
    }

    /// <summary>What the planner says where nothing told it (pg_proc.prorows), or a multiple of it.</summary>
    private static bool IsGuess(double rows) => rows % 10 == 0;
}
