namespace SafeTools;

/// <summary>A backup or snapshot of the item.</summary>
public sealed record RecoveryPoint
{
    public required string Id { get; init; }

    public required DateTimeOffset Made { get; init; }

    /// <summary>Where it is kept, in words safe to show (never a path of the server's machine).</summary>
    public required string Place { get; init; }

    /// <summary>Who made it: <c>safetools</c>, or what the provider says.</summary>
    public required string Maker { get; init; }

    public required long Bytes { get; init; }

    public string? Checksum { get; init; }

    /// <summary>Its content was read and matched its checksum, and it is not implausibly small for the item.</summary>
    public required bool Intact { get; init; }

    /// <summary>Not destroyed together with the item.</summary>
    public required bool Isolated { get; init; }

    /// <summary>Why it is or is not isolated, for people.</summary>
    public required string IsolationReason { get; init; }

    public bool RestoreVerified { get; init; }
}
