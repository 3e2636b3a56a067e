namespace SafeTools;

/// <summary>What holds right now besides the action itself.</summary>
/// <param name="Policy">The accepted policy; before the first acceptance the files, good for reads alone.</param>
/// <param name="Epoch">The accepted policy's number; 0 before the first acceptance.</param>
/// <param name="Freezes">Who is frozen.</param>
/// <param name="Now">Never earlier than the newest audit entry.</param>
internal sealed record Standing(Policy Policy, int Epoch, Freezes Freezes, DateTimeOffset Now);
