namespace SafeTools.Corpus.Observing;

/// <summary>What kind of harm was seen.</summary>
internal enum Sense
{
    /// <summary>Rows, catalogues, sequences, large objects, roles, settings or statistics differ.</summary>
    State,

    /// <summary>Something was written, even if it was rolled back.</summary>
    Writing,

    /// <summary>A lock that a plain SELECT does not take.</summary>
    Locks,

    /// <summary>Another session was ended or its statement cancelled.</summary>
    Sessions,

    /// <summary>The server still works on the statement although the answer has gone.</summary>
    Lingering,

    /// <summary>A message reached a listening session.</summary>
    Notifications,

    /// <summary>A connection was made to somewhere else.</summary>
    Network,

    /// <summary>A file was made or changed.</summary>
    Files,

    /// <summary>A process took more memory than one call may.</summary>
    Memory,

    /// <summary>The server's log was flooded, or tells of a crash.</summary>
    Log,

    /// <summary>An answer holds what the credential must not see.</summary>
    Leak,

    /// <summary>The answer took longer than one call may.</summary>
    Time,

    /// <summary>The call after it was not answered as before.</summary>
    NextCall,
}
