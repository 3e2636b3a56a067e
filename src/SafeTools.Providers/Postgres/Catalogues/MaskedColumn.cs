namespace SafeTools.Providers.Postgres;

/// <summary>A column that nobody may read through a resource, as its <c>masked</c> setting names it.</summary>
internal sealed record MaskedColumn(string Schema, string Table, string Column)
{
    /// <summary><c>schema.table.column</c>, each as the catalogue has it; null where it is not that.</summary>
    public static MaskedColumn? Parse(string text) =>
        text.Split('.') is [{ Length: > 0 } schema, { Length: > 0 } table, { Length: > 0 } column] ? new MaskedColumn(schema, table, column) : null;
}
