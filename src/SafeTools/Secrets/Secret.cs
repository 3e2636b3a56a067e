namespace SafeTools;

/// <summary>
/// A value that nobody may see. It has no text of its own, no equality and no serializer: whoever needs the value says so by <see cref="Reveal"/>,
/// where a reader of the code finds every such place.
/// </summary>
public sealed class Secret
{
    private readonly string _value;

    public Secret(string value) => _value = value;

    /// <summary>The value, for the one call that needs it. Never logged, stored or answered.</summary>
    public string Reveal() => _value;

    public override string ToString() => "(secret)";
}
