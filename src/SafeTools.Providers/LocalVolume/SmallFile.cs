using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>The provider's own records: one small JSON object a file.</summary>
internal static class SmallFile
{
    private const int Largest = 64 * 1024;

    /// <summary>Written and durable, its name too, when this returns.</summary>
    public static void Write(OpenFolder folder, EntryName name, JsonObject content)
    {
        using (var file = folder.NewFile(name))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(content.ToJsonString()), 0);
            OpenFolder.SyncFile(file);
        }
        folder.Sync();
    }

    /// <summary>Null where there is none, or where it is not what this wrote.</summary>
    public static JsonObject? Read(OpenFolder folder, EntryName name)
    {
        using var file = folder.File(name);
        return file is null ? null : Parse(Bytes(file, Largest));
    }

    /// <summary>The whole file, or null where it is larger than <paramref name="most"/>.</summary>
    public static byte[]? Bytes(Microsoft.Win32.SafeHandles.SafeFileHandle file, int most)
    {
        var buffer = new byte[most + 1];
        var length = 0;
        for (int read; length <= most && (read = RandomAccess.Read(file, buffer.AsSpan(length), length)) > 0;)
            length += read;
        return length > most ? null : buffer[..length];
    }

    public static string? Text(this JsonObject content, string name) =>
        content.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? Number(this JsonObject content, string name) =>
        content.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static JsonObject? Parse(byte[]? bytes)
    {
        if (bytes is null)
            return null;
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
