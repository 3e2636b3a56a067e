using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>What came of a request.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>It happened.</summary>
    /// <param name="Data">Data from infrastructure.</param>
    /// <param name="Action">The action's record; null for reads.</param>
    public sealed record Executed(JsonObject Data, StoredAction? Action) : Outcome
    {
        /// <summary>What mends what was found; null where nothing needs to be mended, or nothing here can.</summary>
        public NextStep? Next { get; init; }
    }

    /// <summary>It waits, for humans or for a process that executes it.</summary>
    public sealed record Proposed(StoredAction Action) : Outcome;

    /// <summary>No; nothing was done.</summary>
    public sealed record Refused(Refusal Why) : Outcome;

    /// <summary>It was tried and did not happen.</summary>
    public sealed record Failed(Refusal Why, StoredAction Action) : Outcome;

    /// <summary>It may or may not have happened.</summary>
    public sealed record Unknown(Refusal Why, StoredAction Action) : Outcome;

    /// <summary>The outcome that an action's record tells.</summary>
    public static Outcome Of(StoredAction action) => action.Status switch
    {
        ActionStatus.Pending or ActionStatus.Approved or ActionStatus.Executing => new Proposed(action),
        ActionStatus.Succeeded => new Executed(action.ResultJson?["data"]?.DeepClone().AsObject() ?? [], action),
        ActionStatus.Failed or ActionStatus.Stale or ActionStatus.Rejected or ActionStatus.Expired or ActionStatus.Withdrawn => new Failed(WhyOf(action), action),
        ActionStatus.Unknown => new Unknown(WhyOf(action), action),
    };

    private static Refusal WhyOf(StoredAction action) => ActionResult.Refusal(action) ?? action.Status switch
    {
        ActionStatus.Expired => RefusalCatalog.ProposalExpired.Because("Nobody decided or executed it in time."),
        ActionStatus.Withdrawn => RefusalCatalog.Withdrawn.Because("It was withdrawn."),
        ActionStatus.Rejected => RefusalCatalog.RejectedBefore.Because("An approver rejected it."),
        ActionStatus.Pending or ActionStatus.Approved or ActionStatus.Executing or ActionStatus.Succeeded or ActionStatus.Failed or ActionStatus.Unknown or ActionStatus.Stale =>
            RefusalCatalog.InternalFault.Because("The record does not say why."),
    };
}
