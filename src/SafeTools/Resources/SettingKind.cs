namespace SafeTools;

public enum SettingKind
{
    /// <summary>Text as it stands.</summary>
    Text,

    /// <summary>A file or folder; a relative one is resolved against the folder of safetools.yaml.</summary>
    Path,

    /// <summary>Environment names, each with a list of paths.</summary>
    PathsByEnvironment,
}
