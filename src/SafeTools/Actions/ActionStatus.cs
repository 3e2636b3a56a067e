namespace SafeTools;

/// <summary>Where an action is in its life (DESIGN §4).</summary>
internal enum ActionStatus
{
    /// <summary>A proposal that waits for humans.</summary>
    Pending,

    /// <summary>Enough decisions are stored; they are verified again before anything runs.</summary>
    Approved,

    /// <summary>One process has claimed it.</summary>
    Executing,

    Succeeded,

    /// <summary>It did not happen.</summary>
    Failed,

    /// <summary>Nobody can tell yet whether it happened.</summary>
    Unknown,

    Rejected,
    Expired,
    Withdrawn,

    /// <summary>What was approved no longer held when it was to run; nothing was done.</summary>
    Stale,
}
