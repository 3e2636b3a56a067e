namespace SafeTools;

/// <summary>Who asks.</summary>
/// <param name="Name">As in the policy.</param>
/// <param name="Grants">All it may do; nothing else exists for it.</param>
/// <param name="Owner">The person whose agent this is; in production that person is never its only approver.</param>
internal sealed record Principal(string Name, IReadOnlyList<Grant> Grants, string? Owner)
{
    /// <summary>Users of the operating system who are this principal when they come over a local socket: names, or numbers.</summary>
    public IReadOnlyList<string> OsUsers { get; init; } = [];

    public bool MayUse(string tool, Effect effect, EnvironmentLabel environment) => Grants.Any(grant => grant.Covers(tool, effect, environment));

    /// <summary>Whether any item could be within reach, so that the tool is shown at all.</summary>
    public bool MaySee(ToolSpec tool) =>
        Enum.GetValues<EnvironmentLabel>().Any(environment => environment <= tool.Ceiling && MayUse(tool.Name, tool.Effect, environment));
}
