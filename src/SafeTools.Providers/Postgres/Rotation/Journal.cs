using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>What is remembered of a resource's rotations: the one that is not over, and how earlier ones ended.</summary>
/// <param name="Current">Null where nothing is half done and no grace runs.</param>
/// <param name="Past">Newest last.</param>
internal sealed record Journal(RotationRecord? Current, IReadOnlyList<PastAction> Past)
{
    private const int Format = 1;

    private const int MostPast = 50;

    public static Journal Empty { get; } = new(null, []);

    public PastAction? PastOf(string action) => Past.FirstOrDefault(past => past.Action == action);

    /// <summary>The current one is over; what came of it stays.</summary>
    public Journal Ended(params PastAction[] ends) => (this with { Current = null }).Noting(ends);

    public Journal Noting(params PastAction[] ends) => this with { Past = [.. Past.Where(past => ends.All(end => end.Action != past.Action)).Concat(ends).TakeLast(MostPast)] };

    public Journal With(RotationRecord current) => this with { Current = current };

    public string Text() => new JsonObject
    {
        ["format"] = Format,
        ["current"] = Current?.ToJson(),
        ["past"] = new JsonArray([.. Past.Select(past => past.ToJson())]),
    }.ToJsonString();

    /// <exception cref="SecretsException">It is of another version of SafeTools, or damaged: nothing is rotated on a guess.</exception>
    public static Journal Parse(string? text)
    {
        if (text is null)
            return Empty;
        try
        {
            var json = JsonNode.Parse(text)!;
            return json["format"]?.GetValue<int>() == Format
                ? new Journal(json["current"] is { } current ? RotationRecord.Parse(current) : null, [.. json["past"]!.AsArray().Select(past => PastAction.Parse(past!))])
                : throw new SecretsException("The record of rotations is of another version.");
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            throw new SecretsException("The record of rotations cannot be read.", fault);
        }
    }
}
