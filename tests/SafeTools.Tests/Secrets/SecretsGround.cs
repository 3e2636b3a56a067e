using System.Runtime.Versioning;
using SafeTools.Server.Secrets;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Secrets;

/// <summary>A folder of files and a state folder, both for their owner alone.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SecretsGround : IDisposable
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public SecretsGround()
    {
        Folder = Directory.CreateTempSubdirectory("safetools-secrets-").FullName;
        Secrets = Another();
    }

    public string Folder { get; }

    public string State => Path.Combine(Folder, "state");

    public FakeClock Clock { get; } = new();

    public PlacedSecrets Secrets { get; }

    /// <summary>As another process would have them.</summary>
    public PlacedSecrets Another() => new(State, Clock);

    public SecretStore Store => new(State, Clock);

    /// <summary>A file with mode 0600.</summary>
    public string Make(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, OwnerOnly);
        return path;
    }

    public static SecretReference Reference(string text) => SecretReference.Parse(text) ?? throw new ArgumentException($"No reference: {text}", nameof(text));

    public static string? Value(SecretRead read) => (read as SecretRead.Found)?.Secret.Reveal();

    public static Refusal? Why(SecretRead read) => (read as SecretRead.Missing)?.Why;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
