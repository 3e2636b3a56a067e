namespace SafeTools;

/// <summary>Destruction needs a fresh, intact recovery point outside the target's own blast radius.</summary>
internal static class RecoveryGate
{
    /// <summary>A recovery point dated later than this after now is a lie or a broken clock.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Why the gate blocks, or null.</summary>
    public static Refusal? Block(Action action, Preview seen, Placement placement, Standing standing)
    {
        if (!action.Operation.Destroys || !standing.Policy.Rules.RequireRecoveryPoint.TryGetValue(placement.Environment, out var oldest))
        {
            return null;
        }

        if (seen.RecoveryPoints.Any(point => Counts(point, oldest, standing.Now)))
        {
            return null;
        }

        var isolated = seen.RecoveryPoints.Count(point => point.Isolated);
        var maker = MakerOfRecoveryPoints(action, standing.Policy);
        return RefusalCatalog.RecoveryPointMissing.Because(
            $"{placement.Environment.Word()} needs an intact recovery point outside the target, not older than {Quantity.Text(oldest)}. Found: {seen.RecoveryPoints.Count}, of which isolated: {isolated}.{(maker is null ? "" : $" {maker} makes one.")}")
            with { NextTool = maker, HumanCommand = "safetools proposals approve" };
    }

    private static bool Counts(RecoveryPoint point, TimeSpan oldest, DateTimeOffset now) =>
        point is { Intact: true, Isolated: true } && now - point.Made <= oldest && point.Made - now <= ClockTolerance;

    /// <summary>A tool on the same resource whose operation makes recovery points, that this principal may see.</summary>
    private static string? MakerOfRecoveryPoints(Action action, Policy policy) => policy.Tools.Values
        .Where(tool => tool.Resource == action.Tool.Resource && tool.Operation.MakesRecoveryPoint && action.Principal.MaySee(tool))
        .Select(tool => tool.Name)
        .Order(StringComparer.Ordinal)
        .FirstOrDefault();
}
