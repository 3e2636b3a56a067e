namespace SafeTools.Providers.Postgres;

/// <summary>What may be done about a finding, and by whom.</summary>
/// <param name="ByAgent">An agent may, through a tool; else a human must.</param>
/// <param name="Do">One sentence.</param>
/// <param name="Command">What a human runs, whole: a command, or SQL as the database's owner; null where a sentence is all there is.</param>
/// <param name="Operation">The operation by which an agent does it.</param>
internal sealed record Mend(bool ByAgent, string Do, string? Command = null, string? Operation = null)
{
    public static Mend Human(string what, string? command = null) => new(false, what, command);

    public static Mend Agent(string what, string? operation = null) => new(true, what, null, operation);
}
