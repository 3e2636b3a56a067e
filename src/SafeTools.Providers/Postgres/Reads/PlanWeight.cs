using System.Text.Json;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How much a statement that gathers rows in memory would gather, by the planner's own estimate. An aggregate such as jsonb_agg keeps its whole input in one
/// value, up to 1 GB, and no setting of the server bounds it below that.
/// </summary>
internal static class PlanWeight
{
    /// <summary>Rows that one step of the plan may give.</summary>
    public const double MostRows = 500_000;

    /// <summary>Bytes that one step of the plan may give.</summary>
    public const double MostBytes = 64 * 1024 * 1024;

    /// <summary>Null where it is light enough.</summary>
    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static async Task<Refusal?> Judge(NpgsqlConnection connection, string body, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) {body}", connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        using var plan = JsonDocument.Parse(reader.GetString(0));
        return IsLight(plan.RootElement)
            ? null
            : RefusalCatalog.StatementTooCostly.Because("The statement would gather more rows in one value than a read may hold. Narrow it, or aggregate to numbers.");
    }

    private static bool IsLight(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().All(IsLight),
        JsonValueKind.Object => IsLightStep(element) && element.EnumerateObject().All(property => IsLight(property.Value)),
        _ => true,
    };

    private static bool IsLightStep(JsonElement step) =>
        !step.TryGetProperty("Plan Rows", out var rows) || !step.TryGetProperty("Plan Width", out var width)
        || (rows.GetDouble() <= MostRows && rows.GetDouble() * width.GetDouble() <= MostBytes);
}
