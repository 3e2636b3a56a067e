namespace SafeTools;

/// <summary>One thing a provider can do. Declared in code; a tool spec narrows it and never widens it.</summary>
public sealed record Operation
{
    /// <summary><c>provider.verb</c>, as specs name it.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people who read docs and approvals.</summary>
    public required string Summary { get; init; }

    /// <summary>The least effect any spec of this operation may state.</summary>
    public required Effect Floor { get; init; }

    /// <summary>Takes data away: the recovery gate applies, even where the removal is first a quarantine.</summary>
    public bool Destroys { get; init; }

    /// <summary>Makes a recovery point of its item; the recovery gate names its tool to an agent that needs one.</summary>
    public bool MakesRecoveryPoint { get; init; }

    /// <summary>The operation that takes this one back; a reversible operation without one counts as irreversible.</summary>
    public string? Undo { get; init; }

    /// <summary>Only <c>undo</c> may run it; no spec may name it.</summary>
    public bool OnlyAsUndo { get; init; }

    /// <summary>What an agent may send; a spec may narrow or fix each.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    /// <summary>What a spec must or may say besides, such as <c>statement</c>.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>The spec declares the parameters itself (a statement with placeholders).</summary>
    public bool SpecDeclaresParameters { get; init; }

    /// <summary>Bounds where the spec states none; a spec may only lower them.</summary>
    public Limits Limits { get; init; } = Limits.Default;
}
