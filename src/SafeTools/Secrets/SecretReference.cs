using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Where a secret lies, as a policy says it (<see cref="Form"/>). Names no value, so it may be shown and signed.</summary>
/// <param name="Place">Where it is kept.</param>
/// <param name="Name">A variable's name, a file's absolute path, or a name in the store.</param>
public sealed partial record SecretReference(SecretPlace Place, string Name)
{
    /// <summary>What a policy may write.</summary>
    public const string Form = "secret://env/NAME, secret://file/ABSOLUTE/PATH, secret://envfile/ABSOLUTE/PATH#NAME or secret://store/NAME";

    /// <summary>The variable in a <see cref="SecretPlace.VariableFile"/>; null elsewhere.</summary>
    public string? Variable { get; init; }

    /// <summary>Null where the text is no reference.</summary>
    public static SecretReference? Parse(string text)
    {
        if (References().Match(text) is not { Success: true } match)
            return null;
        if (match.Groups["environment"] is { Success: true } variable)
            return new SecretReference(SecretPlace.Environment, variable.Value);
        if (match.Groups["store"] is { Success: true } stored)
            return new SecretReference(SecretPlace.Store, stored.Value);
        // The path begins with its own slash: secret://file/etc/safetools/staging names /etc/safetools/staging.
        var path = match.Groups["path"].Value;
        if (path.Split('/').Any(segment => segment is "." or ".."))
            return null;
        return match.Groups["variable"] is { Success: true } named
            ? new SecretReference(SecretPlace.VariableFile, path) { Variable = named.Value }
            : new SecretReference(SecretPlace.File, path);
    }

    public override string ToString() => Place switch
    {
        SecretPlace.Environment => $"secret://env/{Name}",
        SecretPlace.File => $"secret://file{Name}",
        SecretPlace.VariableFile => $"secret://envfile{Name}#{Variable}",
        SecretPlace.Store => $"secret://store/{Name}",
    };

    [GeneratedRegex(
        """
        ^secret://(
          env/(?<environment>[A-Za-z_][A-Za-z0-9_]{0,127})
        | file(?<path>(/[^/\x00-\x1f]+)+)
        | envfile(?<path>(/[^/\x00-\x1f\#]+)+)\#(?<variable>[A-Za-z_][A-Za-z0-9_]{0,127})
        | store/(?<store>[A-Za-z0-9][A-Za-z0-9._-]{0,63})
        )\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex References();
}
