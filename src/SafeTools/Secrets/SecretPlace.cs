namespace SafeTools;

public enum SecretPlace
{
    /// <summary>A variable that the server was started with.</summary>
    Environment,

    /// <summary>A file that only its owner may read; the whole of it is the value.</summary>
    File,

    /// <summary>One variable in a file of variables (NAME=value, a line each) that only its owner may read, such as an application's .env.</summary>
    VariableFile,

    /// <summary>The encrypted store in the state folder.</summary>
    Store,
}
