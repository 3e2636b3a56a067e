using System.Text.Encodings.Web;
using System.Text.Json;

namespace SafeTools.Server.Cli;

/// <summary>JSON for machines, one value a line, quotes readable.</summary>
internal static class CompactJson
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
