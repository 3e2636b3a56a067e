using System.Text;
using ModelContextProtocol.Protocol;

namespace SafeTools.ConformanceHost;

/// <summary>The contents that fixtures answer with.</summary>
internal static class Contents
{
    /// <summary>One red pixel.</summary>
    public static ReadOnlyMemory<byte> Png { get; } = Encoding.UTF8.GetBytes("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A moment of silence.</summary>
    public static ReadOnlyMemory<byte> Wav { get; } = Encoding.UTF8.GetBytes("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");

    public static ImageContentBlock Image => new() { Data = Png, MimeType = "image/png" };

    public static CallToolResult Text(string text) => new() { Content = [Block(text)] };

    public static CallToolResult Error(string text) => new() { Content = [Block(text)], IsError = true };

    public static CallToolResult Blocks(params ContentBlock[] blocks) => new() { Content = blocks };

    public static TextContentBlock Block(string text) => new() { Text = text };

    public static EmbeddedResourceBlock Embedded(string address, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = address, MimeType = type, Text = text } };

    public static PromptMessage User(ContentBlock block) => new() { Role = Role.User, Content = block };
}
