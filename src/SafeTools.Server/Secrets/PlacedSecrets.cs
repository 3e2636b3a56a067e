using SafeTools.Server.Hardening;
using SafeTools.Server.Policies;

namespace SafeTools.Server.Secrets;

/// <summary>Reads secrets where the accepted policy says they lie. Keeps none: each is read again when it is needed.</summary>
internal sealed class PlacedSecrets : ISecrets
{
    private const int LongestSecret = 64 * 1024;

    public SecretRead Read(SecretReference reference) => reference.Place switch
    {
        SecretPlace.Environment => FromEnvironment(reference.Name),
        SecretPlace.File => FromFile(reference.Name),
        SecretPlace.VariableFile or SecretPlace.Store => Missing("This place cannot be read yet."),
    };

    public Refusal? Write(SecretReference reference, Secret value) => RefusalCatalog.SecretMissing.Because("This place cannot be written yet.");

    public string Fingerprint(Secret value) => throw new SecretsException("There is no key yet.");

    public T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change) => throw new SecretsException("There is no store yet.");

    /// <summary>A serving process has taken its variables out of its environment; any other process has them still.</summary>
    private static SecretRead FromEnvironment(string name) =>
        (StartingEnvironment.OfThisProcess.Get(name) ?? System.Environment.GetEnvironmentVariable(name)) is { Length: > 0 } value
            ? new SecretRead.Found(new Secret(value))
            : Missing($"The variable {name} was not set when this process started, or the policy did not name it then.");

    private static SecretRead FromFile(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && Ownership.Of(path) is { } owner)
            {
                if (owner.OthersMayRead)
                {
                    return Missing("The secret's file may be read by others. Its mode must be 0600.");
                }

                if (owner.User != Ownership.OfThisProcess && owner.User != Ownership.Root)
                {
                    return Missing("The secret's file belongs to another user.");
                }
            }

            return PlainFile.Read(path, LongestSecret)?.TrimEnd('\r', '\n') is { Length: > 0 } value
                ? new SecretRead.Found(new Secret(value))
                : Missing("There is no plain file with a value in it where the policy says.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Missing("The secret's file cannot be read.");
        }
    }

    private static SecretRead.Missing Missing(string why) => new(RefusalCatalog.SecretMissing.Because(why));
}
