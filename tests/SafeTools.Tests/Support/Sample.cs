using System.Text.Json;

namespace SafeTools.Tests.Support;

/// <summary>Small whole things to test with: a tool, an action, a policy, a preview.</summary>
internal static class Sample
{
    public const string Store = "store-0000000000000000";

    public static DateTimeOffset Now { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static EnvironmentMap Environments { get; } = new(new Dictionary<string, EnvironmentLabel> { ["qa"] = EnvironmentLabel.Staging, ["live"] = EnvironmentLabel.Production });

    public static Resource Resource(string environment) => new("box", "sample", environment, new SettingValues(new Dictionary<string, string> { ["place"] = "here" }));

    public static ToolSpec Tool(Operation operation, string claimed = "production", EnvironmentLabel ceiling = EnvironmentLabel.Production, string name = "tool", Effect? effect = null) => new()
    {
        Name = name,
        Title = "A tool",
        Description = "For tests.",
        Operation = operation,
        Resource = Resource(claimed),
        Ceiling = ceiling,
        Effect = effect ?? operation.Floor,
        Settings = SettingValues.Empty,
        Parameters = operation.Parameters,
        Limits = operation.Limits,
        Digest = Digest.Of(name + operation.Name + claimed + ceiling + effect),
        File = $"{name}.yaml",
    };

    public static Principal Principal(params string[] grants) => new("agent", [.. grants.Select(text => Grant.Parse(text, Environments)!)], "olga");

    public static Action Action(ToolSpec tool, Principal principal, string id = "act-000000000001") => new()
    {
        Id = id,
        Principal = principal,
        Tool = tool,
        Operation = tool.Operation,
        Arguments = new Arguments(new Dictionary<string, JsonElement> { ["name"] = JsonValues.Of("n1") }),
    };

    public static Policy Policy(ToolSpec tool, Principal principal, IReadOnlyList<Approver>? approvers = null, PolicyRules? rules = null) => new()
    {
        Source = new PolicySource("/base", "", new Dictionary<string, string>()),
        Environments = Environments,
        Resources = new Dictionary<string, Resource> { [tool.Resource.Name] = tool.Resource },
        Principals = new Dictionary<string, Principal> { [principal.Name] = principal },
        Approvers = approvers ?? [],
        Tools = new Dictionary<string, ToolSpec> { [tool.Name] = tool },
        Rules = rules ?? new PolicyRules(),
    };

    public static Standing Standing(Policy policy, int epoch = 1, Freezes? freezes = null, DateTimeOffset? now = null) => new(policy, epoch, freezes ?? Freezes.None, now ?? Now);

    public static Preview Seen(params string[] evidence) => new()
    {
        Summary = "Would do it to n1.",
        Item = new Item("thing", "id-1", "n1"),
        Environment = new EnvironmentEvidence(evidence, "marks"),
        Fingerprint = new Dictionary<string, string> { ["id"] = "id-1", ["created"] = "2026-01-01" },
    };

    public static RecoveryPoint Point(TimeSpan age, bool isolated = true, bool intact = true) => new()
    {
        Id = "rp-1",
        Made = Now - age,
        Place = "elsewhere",
        Maker = "safetools",
        Bytes = 10,
        Intact = intact,
        Isolated = isolated,
        IsolationReason = "another disk",
    };

    /// <summary>A proposal of the action as the pipeline would store it.</summary>
    public static StoredAction Proposed(Action action, Preview seen, Standing standing) => Records.Proposal(action, seen, (Ruling.Ask)Gate.Rule(action, seen, standing), standing);

    public static IReadOnlyDictionary<string, JsonElement> Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.Clone(), StringComparer.Ordinal);
    }
}
