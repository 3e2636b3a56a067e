namespace SafeTools.Corpus.Observing;

/// <summary>An effect that was seen from outside.</summary>
internal sealed record Sighting(Sense Sense, string What)
{
    public override string ToString() => $"{Sense.ToString().ToLowerInvariant()}: {What}";
}
