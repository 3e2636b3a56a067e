namespace SafeTools.Providers.Postgres;

/// <summary>Which of a resource's credentials is looked at.</summary>
internal enum CheckedCredential
{
    /// <summary>The one that an application uses.</summary>
    Application,

    /// <summary>The one that the resource's own tools use.</summary>
    Tools,

    /// <summary>The one that may rotate the application's.</summary>
    Rotator,
}

internal static class CheckedCredentials
{
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<CheckedCredential>().Select(Word)];

    public static string Word(this CheckedCredential which) => which switch
    {
        CheckedCredential.Application => "application",
        CheckedCredential.Tools => "tools",
        CheckedCredential.Rotator => "rotator",
    };

    /// <summary>Where the resource says that it lies; null where it has none.</summary>
    public static SecretReference? Reference(this CheckedCredential which, Resource resource)
    {
        var setting = which switch
        {
            CheckedCredential.Application => PostgresSettings.Application,
            CheckedCredential.Tools => PostgresSettings.Connection,
            CheckedCredential.Rotator => PostgresSettings.Rotator,
        };
        return resource.Settings.TextOrNull(setting) is null ? null : resource.Settings.Secret(setting);
    }

    /// <summary>The one that a request names; without a word, the application's where there is one.</summary>
    public static CheckedCredential Asked(OperationRequest request) => request.Arguments.TextOrNull(PostgresOperations.Credential) switch
    {
        "application" => CheckedCredential.Application,
        "tools" => CheckedCredential.Tools,
        "rotator" => CheckedCredential.Rotator,
        null => CheckedCredential.Application.Reference(request.Resource) is null ? CheckedCredential.Tools : CheckedCredential.Application,
        _ => throw new NotSupportedException("No such credential."),
    };
}
