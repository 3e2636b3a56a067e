using System.Text;

namespace SafeTools.Server.Secrets;

/// <summary>What can be kept as a secret at all: the same in every place, so that a value can move from one to another.</summary>
internal static class SecretValues
{
    /// <summary>In bytes of UTF-8.</summary>
    public const int Longest = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null: it can be kept.</summary>
    public static Refusal? Fault(Secret value)
    {
        var text = value.Reveal();
        return text.Length == 0 ? No("An empty value is no secret.")
            : text.Length > Longest || Encoding.UTF8.GetByteCount(text) > Longest ? No("The value is longer than 64 KiB.")
            : !IsWhole(text) ? No("The value is not whole Unicode text.")
            : text.Contains('\0', StringComparison.Ordinal) || text[0] == '\uFEFF' || text[^1] is '\r' or '\n' ? No("The value begins or ends in what a file of text cannot keep.")
            : null;
    }

    /// <summary>Null where the bytes are no text. A line break at the end is the editor's, not the value's.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF').TrimEnd('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsWhole(string text)
    {
        try
        {
            return Strict.GetByteCount(text) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static Refusal No(string why) => RefusalCatalog.SecretNotWritable.Because(why);
}
