namespace SafeTools;

public enum SettingKind
{
    /// <summary>Text as it stands.</summary>
    Text,

    /// <summary>A file or folder; a relative one is resolved against the folder of safetools.yaml.</summary>
    Path,

    /// <summary>Environment names, each with a list of paths.</summary>
    PathsByEnvironment,

    /// <summary>A reference to a secret (<see cref="SecretReference"/>), never a secret itself.</summary>
    Secret,

    /// <summary>A list of plain values.</summary>
    Texts,

    /// <summary>A map of the keys in <see cref="Setting.Fields"/>, each with plain text.</summary>
    Fields,
}
