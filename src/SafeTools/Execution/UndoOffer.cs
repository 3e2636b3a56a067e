namespace SafeTools;

/// <summary>The operation and arguments that take an execution back.</summary>
public sealed record UndoOffer(string Operation, Arguments Arguments);
