namespace SafeTools;

/// <summary>How labels are written in files, messages and the audit.</summary>
internal static class LabelNames
{
    public static string Word(this Effect effect) => effect switch
    {
        Effect.Read => "read",
        Effect.Reversible => "reversible",
        Effect.Irreversible => "irreversible",
    };

    public static string Word(this EnvironmentLabel environment) => environment switch
    {
        EnvironmentLabel.Local => "local",
        EnvironmentLabel.Staging => "staging",
        EnvironmentLabel.Production => "production",
    };

    public static Effect? ParseEffect(string word) => word switch
    {
        "read" => Effect.Read,
        "reversible" => Effect.Reversible,
        "irreversible" => Effect.Irreversible,
        _ => null,
    };

    public static EnvironmentLabel? ParseEnvironment(string word) => word switch
    {
        "local" => EnvironmentLabel.Local,
        "staging" => EnvironmentLabel.Staging,
        "production" => EnvironmentLabel.Production,
        _ => null,
    };
}
