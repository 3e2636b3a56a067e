using System.Globalization;
using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>A column that nobody may read through a resource, as <c>schema.table.column</c>, in the letters of the catalogue.</summary>
internal sealed record MaskedColumn(string Schema, string Table, string Column)
{
    public const string Form = "schema.table.column";

    /// <summary>In bytes, as PostgreSQL has it.</summary>
    private const int LongestName = 63;

    /// <summary>Null where the text is none.</summary>
    public static MaskedColumn? Parse(string text) =>
        text.Split('.') is [var schema, var table, var column] && IsName(schema) && IsName(table) && IsName(column) ? new MaskedColumn(schema, table, column) : null;

    /// <summary>A name as the catalogue may hold it, without what a person could not see or a terminal would obey.</summary>
    public static bool IsName(string name) => name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= LongestName && name.EnumerateRunes().All(IsPlain);

    private static bool IsPlain(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    public override string ToString() => $"{Schema}.{Table}.{Column}";
}
