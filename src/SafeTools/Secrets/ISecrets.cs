namespace SafeTools;

/// <summary>
/// The port to where secrets are kept. A provider asks when it connects and keeps no value longer than it must. Nothing that it answers but
/// <see cref="SecretRead.Found"/> holds a value. <see cref="SecretsException"/> is an outage of the place where SafeTools itself keeps secrets.
/// </summary>
public interface ISecrets
{
    /// <summary>The value, or why there is none, in words that are safe to show.</summary>
    SecretRead Read(SecretReference reference);

    /// <summary>
    /// Puts a value where the reference leads, all of it or nothing, durably before it returns. Null: it stands there now. Refuses, and has changed
    /// nothing, where a value cannot be put (a variable of the environment) or where others could read or change it.
    /// </summary>
    Refusal? Write(SecretReference reference, Secret value);

    /// <summary>
    /// Tells two values apart without telling anything of either: keyed, so that nobody outside of this state folder can guess a value and compare.
    /// Lower-case hexadecimal, 16 characters.
    /// </summary>
    string Fingerprint(Secret value);

    /// <summary>
    /// What a provider must not forget when its process ends: kept encrypted beside the secrets, out of the reach of any reference. One change at a time
    /// over all processes of this state folder, durable before it returns.
    /// </summary>
    /// <param name="key">Whose it is: letters, digits, dot, dash, underscore and slash, at most 128.</param>
    /// <param name="change">Given what is remembered (null: nothing); gives what is to be remembered from now on (null: nothing) and the answer. Called once; if it throws, nothing changes.</param>
    T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change);
}
