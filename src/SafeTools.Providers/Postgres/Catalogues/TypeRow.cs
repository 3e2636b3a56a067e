namespace SafeTools.Providers.Postgres;

/// <summary>One row of pg_type, with what its input would run through.</summary>
/// <param name="Form">pg_type.typtype: b, c, d, e, m, p or r.</param>
/// <param name="Element">An array's element; 0 for others.</param>
/// <param name="Base">A domain's base; 0 for others.</param>
/// <param name="Relation">A row type's relation; 0 for others.</param>
/// <param name="Subtype">A range's subtype; 0 for others.</param>
/// <param name="RangeRunsCode">A range with functions that a user made.</param>
/// <param name="Extension">The extension that it belongs to; empty for none.</param>
/// <param name="CastsToJson">A user's function turns it into JSON, which to_json and its like call without a trace in the tree.</param>
internal sealed record TypeRow(
    uint Number, string Name, char Form, bool BuiltIn, uint Element, uint Base, uint Relation, uint Subtype, bool RangeRunsCode, string Extension, bool CastsToJson);
