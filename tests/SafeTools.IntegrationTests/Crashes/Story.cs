using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Crashes;

/// <summary>One kind of change, told from a prepared ground to its end.</summary>
internal sealed record Story(string Name)
{
    /// <summary>What the store holds an entry of when the story went to its end.</summary>
    public required IReadOnlyList<AuditKind> Kinds { get; init; }

    /// <summary>Done in the test's own process, before anything can die.</summary>
    public Func<Ground, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <summary>Spoken to the server that will die; null where a verb dies.</summary>
    public Func<Ground, RawSession, Task>? Act { get; init; }

    /// <summary>Counting begins with the process, not after it has greeted.</summary>
    public bool FromStart { get; init; }

    /// <summary>The verb that will die, and what is typed at its terminal; counting begins where it asks, or at once where it asks nothing.</summary>
    public Func<Ground, (string[] Arguments, (string Question, string Answer)[] Talk)>? Verb { get; init; }

    /// <summary>A change whose half cannot be told from a whole, nor taken back: it stays unknown until a human has looked.</summary>
    public bool MayStayUnknown { get; init; }

    /// <summary>What must be true of the world after any kill and a restart.</summary>
    public required Func<Ground, IReadOnlyList<StoredAction>, Task> Check { get; init; }

    public override string ToString() => Name;
}
