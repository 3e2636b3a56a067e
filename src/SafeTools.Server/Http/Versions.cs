using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;

namespace SafeTools.Server.Http;

/// <summary>The protocol's versions, and what <c>MCP-Protocol-Version</c> says of a request.</summary>
internal static class Versions
{
    public const string Header = "MCP-Protocol-Version";

    /// <summary>From this one on every request stands alone: no handshake, no session.</summary>
    public const string Modern = "2026-07-28";

    private static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    public static bool IsModern(string version) => string.CompareOrdinal(version, Modern) >= 0;

    /// <summary>Empty where none is named.</summary>
    public static string Named(HttpRequest request) => request.Headers[Header].ToString();

    /// <summary>A version that does not exist. None at all is an older client's way.</summary>
    public static HttpRejection? Refuse(string version) => version.Length == 0 || version == Modern || Legacy.Contains(version, StringComparer.Ordinal)
        ? null
        : new HttpRejection(
            StatusCodes.Status400BadRequest,
            (int)McpErrorCode.UnsupportedProtocolVersion,
            $"{Header} names a version that this server does not speak.",
            new JsonObject { ["supported"] = new JsonArray(Modern), ["requested"] = VisibleText.Line(version, 32) });
}
