using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>Looks into answers.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Data(this RowAnswer answer) => answer.Execution.Data();

    public static JsonObject Data(this Execution execution) => execution.Should().BeOfType<Execution.Done>($"{execution}").Subject.Data;

    public static Refusal Why(this Execution execution) => execution.Should().BeOfType<Execution.Failed>().Subject.Why;

    /// <summary>The rows, as JSON that people can read.</summary>
    public static string Rows(this RowAnswer answer) => answer.Data()["rows"]!.ToJsonString(Readable);

    /// <summary>The first value of the first row, likewise.</summary>
    public static string First(this RowAnswer answer) => answer.Data()["rows"]![0]![0]?.ToJsonString(Readable) ?? "null";
}
