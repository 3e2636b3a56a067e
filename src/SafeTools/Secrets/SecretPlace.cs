namespace SafeTools;

public enum SecretPlace
{
    /// <summary>A variable that the server was started with.</summary>
    Environment,

    /// <summary>A file that only its owner may read.</summary>
    File,
}
