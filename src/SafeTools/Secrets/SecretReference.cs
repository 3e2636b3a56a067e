using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Where a secret lies, as a policy says it: <c>secret://env/NAME</c> or <c>secret://file/PATH</c>. Names no value, so it may be shown and signed.</summary>
/// <param name="Place">Where it is kept.</param>
/// <param name="Name">A variable's name, or a file's absolute path.</param>
public sealed partial record SecretReference(SecretPlace Place, string Name)
{
    /// <summary>What a policy may write.</summary>
    public const string Form = "secret://env/NAME or secret://file/ABSOLUTE/PATH";

    /// <summary>Null where the text is no reference.</summary>
    public static SecretReference? Parse(string text)
    {
        if (EnvironmentForm().Match(text) is { Success: true } variable)
        {
            return new SecretReference(SecretPlace.Environment, variable.Groups["name"].Value);
        }

        // The path begins with its own slash: secret://file/etc/safetools/staging names /etc/safetools/staging.
        return FileForm().Match(text) is { Success: true } file && !file.Groups["path"].Value.Split('/').Any(segment => segment is "." or "..")
            ? new SecretReference(SecretPlace.File, file.Groups["path"].Value)
            : null;
    }

    public override string ToString() => Place switch
    {
        SecretPlace.Environment => $"secret://env/{Name}",
        SecretPlace.File => $"secret://file{Name}",
    };

    [GeneratedRegex(@"^secret://env/(?<name>[A-Za-z_][A-Za-z0-9_]{0,127})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex EnvironmentForm();

    [GeneratedRegex(@"^secret://file(?<path>(/[^/\x00-\x1f]+)+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex FileForm();
}
