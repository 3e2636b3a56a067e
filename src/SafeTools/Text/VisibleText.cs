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
        _ => !IsInvisible(rune.Value),
    };

    /// <summary>
    /// Letters, marks and symbols that show nothing (Unicode's Default_Ignorable_Code_Point outside the categories above, and blanks):
    /// the variation selectors alone can carry a whole hidden text.
    /// </summary>
    private static bool IsInvisible(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F)
        or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or 0x1D159 or (>= 0xE0100 and <= 0xE01EF);
}
