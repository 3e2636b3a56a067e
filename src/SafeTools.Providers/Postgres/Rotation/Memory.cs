namespace SafeTools.Providers.Postgres;

/// <summary>One resource's <see cref="Journal"/>, kept by <see cref="ISecrets.Remember"/>: one change at a time over all processes, durable when it returns.</summary>
internal sealed class Memory(ISecrets secrets, string resource)
{
    private readonly string _key = $"rotation/{resource}";

    public Journal Read() => secrets.Remember(_key, text => (text, Journal.Parse(text)));

    /// <param name="change">Null leaves it as it is.</param>
    public T Change<T>(Func<Journal, (Journal? Now, T Answer)> change) => secrets.Remember(_key, text =>
    {
        var (now, answer) = change(Journal.Parse(text));
        return (now is null ? text : now.Text(), answer);
    });

    /// <summary>Writes a step of the action's rotation down. False: it is not this action's any more.</summary>
    public bool Step(string action, Func<RotationRecord, RotationRecord> step) => Change(journal =>
        journal.Current is { } current && (current.Action == action || current.Undo == action) ? (journal.With(step(current)), true) : ((Journal?)null, false));

    /// <summary>Ends what the action left, with what came of it.</summary>
    public bool End(string action, params PastAction[] ends) => Change(journal =>
        journal.Current is { } current && (current.Action == action || current.Undo == action) ? (journal.Ended(ends), true) : ((Journal?)null, false));
}
