namespace SafeTools.Providers.Postgres;

/// <summary>One of the server's own functions.</summary>
/// <param name="Use">Null: a read may not use it.</param>
internal sealed record BuiltinFunction(string Name, FunctionUse? Use);
