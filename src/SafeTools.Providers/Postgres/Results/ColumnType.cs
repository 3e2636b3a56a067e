using System.Globalization;
using Npgsql;
using Npgsql.PostgresTypes;

namespace SafeTools.Providers.Postgres;

/// <summary>A column of an answer: how its type is called, and how its values are written.</summary>
/// <param name="Name">For instance <c>numeric(10,2)</c>. A domain shows as the type beneath it, as the protocol says it.</param>
/// <param name="Kind">Of the value, or of an array's elements.</param>
/// <param name="Delimiter">Between the elements of an array; null where it is no array.</param>
internal sealed record ColumnType(string Name, ValueKind Kind, char? Delimiter = null)
{
    /// <summary>Below it lie the types that come with the server (FirstNormalObjectId); their delimiters are known.</summary>
    private const uint FirstOfUsers = 16384;

    private const string Unloaded = "-.-";

    /// <param name="types">Types of users, by their number; may lack any.</param>
    public static ColumnType Of(NpgsqlDataReader reader, int ordinal, IReadOnlyDictionary<uint, CatalogType> types)
    {
        var (id, loaded) = (reader.GetDataTypeOID(ordinal), reader.GetPostgresType(ordinal));
        if (types.TryGetValue(id, out var catalogued))
        {
            return catalogued.Element == 0
                ? new ColumnType(catalogued.Name, BuiltInTypes.KindOf(id))
                : new ColumnType(catalogued.Name, BuiltInTypes.KindOf(catalogued.Element), catalogued.Delimiter);
        }

        var name = BuiltInTypes.NameOf(id) ?? NameOf(reader.GetDataTypeName(ordinal)) ?? string.Create(CultureInfo.InvariantCulture, $"type {id}");
        if (BuiltInTypes.ElementOf(id) is { } element)
            return new ColumnType(name, BuiltInTypes.KindOf(element), ',');
        return loaded is PostgresArrayType array ? OfArray(name, array.Element) : new ColumnType(name, BuiltInTypes.KindOf(id));
    }

    private static ColumnType OfArray(string name, PostgresType element)
    {
        while (element is PostgresDomainType domain)
            element = domain.BaseType;
        // An extension may have chosen any delimiter for its own type; its arrays stay text then.
        return element is PostgresBaseType && element.OID >= FirstOfUsers
            ? new ColumnType(name, ValueKind.Text)
            : new ColumnType(name, BuiltInTypes.KindOf(element.OID), BuiltInTypes.DelimiterOf(element.OID));
    }

    /// <summary>As the server's own <c>format_type</c> would write it.</summary>
    private static string? NameOf(string name)
    {
        if (name == Unloaded)
            return null;
        name = name.Replace(", ", ",", StringComparison.Ordinal);
        var comma = name.StartsWith("numeric(", StringComparison.Ordinal) ? name.IndexOf(',', StringComparison.Ordinal) + 1 : 0;
        var close = name.IndexOf(')', StringComparison.Ordinal);
        // Since PostgreSQL 15 a scale has 11 bits with a sign, which Npgsql reads without one.
        return comma > 0 && close > comma && int.TryParse(name.AsSpan(comma, close - comma), CultureInfo.InvariantCulture, out var scale) && scale > 1000
            ? string.Create(CultureInfo.InvariantCulture, $"{name.AsSpan(0, comma)}{scale - 2048}{name.AsSpan(close)}")
            : name;
    }
}
