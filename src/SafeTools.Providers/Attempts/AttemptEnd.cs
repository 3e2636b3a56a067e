namespace SafeTools.Providers;

/// <summary>How trying a credential ended.</summary>
internal enum AttemptEnd
{
    /// <summary>Begun, and nobody has said yet how it ended: under way, or its process died. Counts as a failure.</summary>
    Open,

    /// <summary>The credential was taken.</summary>
    LetIn,

    /// <summary>Nothing was shown a credential: the place could not be reached. Locks nobody out.</summary>
    NotReached,

    /// <summary>The credential was shown and not taken.</summary>
    Refused,
}
