namespace SafeTools;

/// <summary>The place where SafeTools keeps secrets cannot be read or written. The message is for people who run the server and holds no value.</summary>
public sealed class SecretsException : Exception
{
    public SecretsException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
