using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers;

/// <summary>What is remembered of trying one credential at one place. Holds no secret.</summary>
/// <param name="Failures">When it failed, within the last hour, oldest first; an open attempt is one of them.</param>
/// <param name="Last">When it was tried last.</param>
/// <param name="End">How that ended.</param>
/// <param name="Stamp">What was tried: another value or another question has another stamp.</param>
/// <param name="Answer">What was found then, as JSON; null where nothing was.</param>
internal sealed record AttemptRecord(IReadOnlyList<DateTimeOffset> Failures, DateTimeOffset Last, AttemptEnd End, string Stamp, string? Answer)
{
    /// <exception cref="FormatException">It is none. Nobody knows then how often something was tried.</exception>
    public static AttemptRecord Read(string text)
    {
        try
        {
            var json = JsonNode.Parse(text)!.AsObject();
            return new AttemptRecord(
                [.. json["failures"]!.AsArray().Select(time => Time(time!))],
                Time(json["last"]!),
                json["end"]!.GetValue<string>() switch
                {
                    "open" => AttemptEnd.Open,
                    "let in" => AttemptEnd.LetIn,
                    "not reached" => AttemptEnd.NotReached,
                    "refused" => AttemptEnd.Refused,
                    _ => throw new FormatException("Unknown end."),
                },
                json["stamp"]!.GetValue<string>(),
                json["answer"]?.GetValue<string>());
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FormatException("What is remembered of earlier attempts cannot be read.", fault);
        }
    }

    public string Write() => new JsonObject
    {
        ["failures"] = new JsonArray([.. Failures.Select(time => JsonValue.Create(Text(time)))]),
        ["last"] = Text(Last),
        ["end"] = End switch
        {
            AttemptEnd.Open => "open",
            AttemptEnd.LetIn => "let in",
            AttemptEnd.NotReached => "not reached",
            AttemptEnd.Refused => "refused",
        },
        ["stamp"] = Stamp,
        ["answer"] = Answer,
    }.ToJsonString();

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonNode node) =>
        DateTimeOffset.TryParse(node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw new FormatException("No time.");
}
