namespace SafeTools.Corpus.Observing;

/// <summary>Looks at one kind of effect, from outside of the tool.</summary>
internal interface IWatch : IAsyncDisposable
{
    /// <summary>What happened since the last look. The first look takes its bearings and sees nothing.</summary>
    /// <exception cref="Exception">The watch was cut off, which is an effect by itself.</exception>
    Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken);
}
