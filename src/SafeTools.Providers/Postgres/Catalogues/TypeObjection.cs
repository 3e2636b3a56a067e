namespace SafeTools.Providers.Postgres;

/// <summary>Why a read may not use a type.</summary>
/// <param name="Words">What it is, to follow "the statement needs".</param>
/// <param name="IsHazard">Making a value of it runs code that somebody made, maybe before there is a tree to judge.</param>
internal sealed record TypeObjection(string Words, bool IsHazard);
