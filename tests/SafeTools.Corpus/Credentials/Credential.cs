namespace SafeTools.Corpus.Credentials;

/// <summary>Who the tool is towards the database while the corpus runs.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Role">The role of the database; its password is <see cref="Password"/>.</param>
/// <param name="Hardened">Whether what <c>safetools init postgres</c> prints was run in the database.</param>
/// <param name="Place">The server that it connects to.</param>
/// <param name="Attested">
/// Whether the published server serves, which proves the credential first. In a database that nobody hardened it would refuse every statement for that
/// alone; there the provider runs inside the runner, with the proof off, which no setting of the published server can do.
/// </param>
internal sealed record Credential(string Name, string Role, bool Hardened, Place Place, bool Attested)
{
    public const string Password = "pw";

    public static IReadOnlyList<Credential> All { get; } =
    [
        new("hardened", "c_ro", Hardened: true, Place.Primary, Attested: true),
        new("standby", "c_ro", Hardened: true, Place.Standby, Attested: true),
        new("select-only", "c_ro", Hardened: false, Place.Primary, Attested: false),
        new("owner", "c_owner", Hardened: false, Place.Primary, Attested: false),
        new("superuser", "c_super", Hardened: false, Place.Primary, Attested: false),
    ];
}
