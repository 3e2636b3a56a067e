using System.Globalization;
using System.Text;

namespace SafeTools;

/// <summary>
/// Shows text that somebody else wrote without letting it act: control, format (bidirectional, zero-width) and unassigned characters
/// become visible escapes, so that neither a terminal nor a reader is led astray.
/// </summary>
internal static class VisibleText
{
    /// <summary>One line of at most <paramref name="longest"/> characters of the source; a cut is shown.</summary>
    public static string Line(string text, int longest) => Escape(text, longest, keepLines: false);

    /// <summary>Several lines; line feeds and tabs stay as they are.</summary>
    public static string Block(string text, int longest) => Escape(text, longest, keepLines: true);

    private static string Escape(string text, int longest, bool keepLines)
    {
        var shown = new StringBuilder();
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            taken += rune.Utf16SequenceLength;
            if (taken > longest)
            {
                shown.Append('…');
                break;
            }

            if ((keepLines && rune.Value is '\n' or '\t') || IsPlain(rune))
            {
                shown.Append(rune);
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return shown.ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.SpaceSeparator => rune.Value == ' ',
        _ => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800),
    };
}
