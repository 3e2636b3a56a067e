using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>What a resource says about rotating an application's password.</summary>
/// <param name="Application">Where the application finds its connection string; what is rotated is written there.</param>
/// <param name="Rotator">Where the rotating role's connection string lies.</param>
/// <param name="Service">The service whose slots are set.</param>
/// <param name="TwoSlots">Two login roles take turns.</param>
/// <param name="Grace">How long the earlier credential works after a rotation.</param>
/// <param name="ValidFor">How long a new password is valid.</param>
internal sealed record RotationSettings(SecretReference Application, SecretReference Rotator, string Service, bool TwoSlots, TimeSpan Grace, TimeSpan ValidFor)
{
    private static readonly TimeSpan StandardGrace = TimeSpan.FromHours(24);
    private static readonly TimeSpan StandardValidity = TimeSpan.FromDays(90);
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestGrace = TimeSpan.FromDays(30);
    /// <summary>What the server's functions take, a day less.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(90);

    private static readonly string[] Required = [PostgresSettings.Application, PostgresSettings.Rotator, PostgresSettings.Service];
    private static readonly string[] Further = [PostgresSettings.Slots, PostgresSettings.Grace, PostgresSettings.ValidFor];

    /// <summary>Null where the resource's credentials are not rotated.</summary>
    public static RotationSettings? Of(Resource resource)
    {
        var settings = resource.Settings;
        return settings.TextOrNull(PostgresSettings.Rotator) is null || settings.TextOrNull(PostgresSettings.Service) is not { } service ? null : new RotationSettings(
            settings.Secret(PostgresSettings.Application),
            settings.Secret(PostgresSettings.Rotator),
            service,
            settings.TextOrNull(PostgresSettings.Slots) != "single",
            Time(settings.TextOrNull(PostgresSettings.Grace)) ?? StandardGrace,
            Time(settings.TextOrNull(PostgresSettings.ValidFor)) ?? StandardValidity);
    }

    /// <summary>What is wrong with them, in words for whoever writes safetools.yaml. Touches no infrastructure.</summary>
    public static IEnumerable<string> Faults(Resource resource)
    {
        string? Said(string name) => resource.Settings.TextOrNull(name);
        var rotates = Said(PostgresSettings.Rotator) is not null || Said(PostgresSettings.Service) is not null;
        if (rotates && Required.Where(name => Said(name) is null).ToArray() is { Length: > 0 } missing)
            yield return $"To rotate an application's password, 'application', 'rotator' and 'service' must be there; missing: {string.Join(", ", missing)}.";
        if (!rotates && Further.Where(name => Said(name) is not null).ToArray() is { Length: > 0 } idle)
            yield return $"'{idle[0]}' is for rotating an application's password, which needs 'application', 'rotator' and 'service' too.";
        if (rotates && Said(PostgresSettings.Application) is { } application && SecretReference.Parse(application) is { Place: SecretPlace.Environment })
            yield return "'application' names a variable of the environment, which nobody can write to. Use secret://envfile/…#NAME, secret://file/… or secret://store/….";
        if (Said(PostgresSettings.Rotator) is { } rotator && Said(PostgresSettings.Application) == rotator)
            yield return "'rotator' and 'application' name the same secret. The rotating role has a connection string of its own.";
        if (Said(PostgresSettings.Service) is { } service && !RotationRequest.IsService(service))
            yield return "'service' must have letters, digits, dot, dash and _, at most 63.";
        if (Said(PostgresSettings.Slots) is not (null or "two" or "single"))
            yield return "'slots' must be two or single.";
        if (Said(PostgresSettings.Grace) is { } grace && Time(grace) is var wait && (wait is null || wait < ShortestGrace || wait > LongestGrace))
            yield return "'grace' must be between 1m and 30d, such as 24h.";
        if (Said(PostgresSettings.ValidFor) is { } valid && Time(valid) is var life && (life is null || life > LongestValidity || life <= (Time(Said(PostgresSettings.Grace)) ?? StandardGrace)))
            yield return "'valid_for' must be longer than the grace and at most 90d.";
        else if (Said(PostgresSettings.ValidFor) is null && Time(Said(PostgresSettings.Grace)) >= StandardValidity)
            yield return "'valid_for' must be longer than the grace.";
    }

    /// <summary>Null where it is no time, such as 90s, 15m, 24h or 30d.</summary>
    private static TimeSpan? Time(string? text) =>
        text is [.. { Length: > 0 } digits, var unit] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 100_000
            ? unit switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null }
            : null;
}
