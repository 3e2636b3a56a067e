namespace SafeTools;

/// <summary>
/// What an action was consented to with and that comes later: the end of a grace. It is part of what the preview told and a human or the policy agreed to,
/// so it needs no consent of its own; it is audited before and after.
/// </summary>
/// <param name="ActionId">The action that it comes from.</param>
/// <param name="Due">Not before.</param>
/// <param name="Summary">One sentence, safe to show: what will be done.</param>
public sealed record Obligation(string ActionId, DateTimeOffset Due, string Summary);
