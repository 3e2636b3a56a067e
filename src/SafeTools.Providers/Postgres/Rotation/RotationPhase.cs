namespace SafeTools.Providers.Postgres;

/// <summary>How far a rotation is, as it was last written down. Each is written before the change that comes after it.</summary>
internal enum RotationPhase
{
    /// <summary>The server may have the new verifier, or not yet.</summary>
    Begun,

    /// <summary>The server has it and lets it in; the application's secret may have it, or not yet.</summary>
    Proved,

    /// <summary>The application's secret has it; the earlier one works until the grace ends.</summary>
    Done,

    /// <summary>An undo is about to write the earlier value back, or has.</summary>
    Undoing,

    /// <summary>The application's secret has the earlier value; the newer one works until the grace ends.</summary>
    Undone,
}
