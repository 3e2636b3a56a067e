namespace SafeTools.Tests.Contracts;

/// <summary>
/// Real secrets whose calls a test can break: the process dies before or after the call of a given number, or a write refuses. Variables are the test's own.
/// </summary>
internal sealed class FaultySecrets(ISecrets real) : ISecrets
{
    private int _calls;

    public Dictionary<string, string> Fixed { get; } = new(StringComparer.Ordinal);

    /// <summary>How many calls there were since it was set to 0.</summary>
    public int Calls
    {
        get => Volatile.Read(ref _calls);
        set => Volatile.Write(ref _calls, value);
    }

    /// <summary>The call that breaks, counted from 1; null: none does.</summary>
    public (int Call, bool After)? Break { get; set; }

    public Func<SecretReference, Refusal?>? OnWrite { get; set; }

    /// <summary>Called when a write has been done.</summary>
    public System.Action? OnWritten { get; set; }

    /// <summary>Called when something else is remembered than before.</summary>
    public System.Action? OnRemembered { get; set; }

    public SecretRead Read(SecretReference reference) => Do(() => Fixed.TryGetValue(reference.ToString(), out var known) ? new SecretRead.Found(new Secret(known)) : real.Read(reference));

    public Refusal? Write(SecretReference reference, Secret value) => Do(() =>
    {
        if (OnWrite?.Invoke(reference) is { } refusal)
            return refusal;
        var refused = real.Write(reference, value);
        OnWritten?.Invoke();
        return refused;
    });

    public string Fingerprint(Secret value) => real.Fingerprint(value);

    public T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change) => Do(() =>
    {
        var changed = false;
        var answer = real.Remember(key, before =>
        {
            var (now, said) = change(before);
            changed = now != before;
            return (now, said);
        });
        if (changed)
            OnRemembered?.Invoke();
        return answer;
    });

    private T Do<T>(Func<T> work)
    {
        var call = Interlocked.Increment(ref _calls);
        if (Break is { After: false } before && before.Call == call)
            throw new DiedException();
        var answer = work();
        return Break is { After: true } after && after.Call == call ? throw new DiedException() : answer;
    }
}

/// <summary>Stands for the end of the process: nothing in the product knows it.</summary>
internal sealed class DiedException() : Exception("The process died here.");
