namespace SafeTools.Providers.Postgres;

/// <summary>What the server's catalogue says about a type that this program does not know by itself (pg_type).</summary>
/// <param name="Name">As <c>format_type</c> writes it.</param>
/// <param name="Element">The type of an array's elements (typelem); 0 where it is no array.</param>
/// <param name="Delimiter">Between the elements of an array (typdelim of the element).</param>
internal sealed record CatalogType(string Name, uint Element = 0, char Delimiter = ',');
