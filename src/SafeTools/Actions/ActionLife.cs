namespace SafeTools;

/// <summary>Which steps a life may take. The store makes each step with one guarded update, so that of two takers one wins.</summary>
internal static class ActionLife
{
    public static bool Allows(ActionStatus from, ActionStatus to) => from switch
    {
        ActionStatus.Pending => to is ActionStatus.Approved or ActionStatus.Rejected or ActionStatus.Expired or ActionStatus.Withdrawn or ActionStatus.Stale,
        // Back to pending when the evidence does not hold: a status column is never believed.
        ActionStatus.Approved => to is ActionStatus.Executing or ActionStatus.Pending or ActionStatus.Expired or ActionStatus.Rejected or ActionStatus.Withdrawn,
        ActionStatus.Executing => to is ActionStatus.Succeeded or ActionStatus.Failed or ActionStatus.Unknown or ActionStatus.Stale or ActionStatus.Expired,
        ActionStatus.Unknown => to is ActionStatus.Succeeded or ActionStatus.Failed,
        ActionStatus.Succeeded or ActionStatus.Failed or ActionStatus.Rejected or ActionStatus.Expired or ActionStatus.Withdrawn or ActionStatus.Stale => false,
    };

    /// <summary>Still waits for somebody or something; a repeated request finds it instead of making another.</summary>
    public static bool IsOpen(ActionStatus status) => status switch
    {
        ActionStatus.Pending or ActionStatus.Approved or ActionStatus.Executing or ActionStatus.Unknown => true,
        ActionStatus.Succeeded or ActionStatus.Failed or ActionStatus.Rejected or ActionStatus.Expired or ActionStatus.Withdrawn or ActionStatus.Stale => false,
    };

    public static string Word(this ActionStatus status) => status switch
    {
        ActionStatus.Pending => "pending",
        ActionStatus.Approved => "approved",
        ActionStatus.Executing => "executing",
        ActionStatus.Succeeded => "succeeded",
        ActionStatus.Failed => "failed",
        ActionStatus.Unknown => "unknown",
        ActionStatus.Rejected => "rejected",
        ActionStatus.Expired => "expired",
        ActionStatus.Withdrawn => "withdrawn",
        ActionStatus.Stale => "stale",
    };

    /// <exception cref="FormatException">The store holds a word that this build does not know.</exception>
    public static ActionStatus Parse(string word) =>
        Enum.GetValues<ActionStatus>().Where(status => status.Word() == word).Select(status => (ActionStatus?)status).FirstOrDefault()
        ?? throw new FormatException("Unknown status.");
}
