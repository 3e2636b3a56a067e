namespace SafeTools.Providers.Postgres;

/// <summary>How much of a tree one mention of a relation's name may bring with it, whichever schema it is of.</summary>
/// <param name="Columns">Of the widest relation of that name.</param>
/// <param name="Definition">Characters of the tree that stands for the largest view of that name; 0 where none is.</param>
internal readonly record struct RelationSpread(int Columns, long Definition);
