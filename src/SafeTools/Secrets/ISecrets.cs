namespace SafeTools;

/// <summary>The port to where secrets are kept. A provider asks when it connects and keeps no value longer than it must.</summary>
public interface ISecrets
{
    /// <summary>The value, or why there is none, in words that are safe to show.</summary>
    SecretRead Read(SecretReference reference);
}
