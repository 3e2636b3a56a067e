namespace SafeTools;

/// <summary>Reads <c>policy:</c> and <c>approvals:</c> of safetools.yaml.</summary>
internal static class RulesReader
{
    public static PolicyRules Read(MapReader root, List<Problem> problems)
    {
        var rules = new PolicyRules();
        if (root.Map("approvals", required: false) is { } approvals)
        {
            rules = rules with { Approvals = ReadApprovals(approvals, problems) };
        }

        if (root.Map("policy", required: false) is not { } map)
        {
            return rules;
        }

        var reader = new MapReader(map, "'policy'", problems);
        var open = reader.Number("max_open_proposals", 1, 1000);
        var life = reader.Parsed<TimeSpan>("proposal_life", AtMost30Days, $"{Quantity.TimeForm}, at most 30d");
        if (reader.Text("console", required: false) is { } console)
        {
            rules = rules with { Console = ConsolePage.Parse(console) };
            if (rules.Console is null)
            {
                reader.Fault(reader.LineOf("console"), $"'console' is {ConsolePage.Form}.");
            }
        }

        if (reader.Map("require_recovery_point", required: false) is { } recovery)
        {
            rules = rules with { RequireRecoveryPoint = ReadRecovery(recovery, rules, problems) };
        }

        reader.Finish();
        return rules with { MaxOpenProposals = open ?? rules.MaxOpenProposals, ProposalLife = life ?? rules.ProposalLife };
    }

    /// <summary>A bound that is as good as none would turn a rule off.</summary>
    private static TimeSpan? AtMost30Days(string text) => Quantity.Time(text) is { } time && time <= TimeSpan.FromDays(30) ? time : null;

    private static Dictionary<EnvironmentLabel, int> ReadApprovals(ConfigNode.Map map, List<Problem> problems)
    {
        var reader = new MapReader(map, "'approvals'", problems);
        var approvals = new Dictionary<EnvironmentLabel, int>();
        foreach (var environment in Enum.GetValues<EnvironmentLabel>())
        {
            if (reader.Number(environment.Word(), 1, 9) is { } persons)
            {
                approvals[environment] = persons;
            }
        }

        reader.Finish();
        return approvals;
    }

    private static Dictionary<EnvironmentLabel, TimeSpan> ReadRecovery(ConfigNode.Map map, PolicyRules standard, List<Problem> problems)
    {
        var reader = new MapReader(map, "'require_recovery_point'", problems);
        var ages = new Dictionary<EnvironmentLabel, TimeSpan>(standard.RequireRecoveryPoint);
        foreach (var environment in Enum.GetValues<EnvironmentLabel>())
        {
            if (reader.Parsed<TimeSpan>(environment.Word(), AtMost30Days, $"{Quantity.TimeForm}, at most 30d") is { } age)
            {
                ages[environment] = age;
            }
        }

        reader.Finish();
        return ages;
    }
}
