using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Opens sessions for one resource: reads its secret each time, so that a rotated one is used from the next session on, and holds the server against what
/// the policy pins.
/// </summary>
internal sealed class SessionSource(Resource resource, ISecrets secrets, Layers layers, TimeProvider clock) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private string? _text;
    private SessionOpener? _opener;

    /// <summary>Where the connection string leads and as whom, for people; without its password. None before it could be read.</summary>
    public IReadOnlyList<Fact> Tried { get; private set; } = [];

    /// <param name="longest">The time that a statement may take on this session at most.</param>
    /// <param name="cancellationToken">Of a <see cref="StopSignal"/>.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before the server answered (<see cref="ServerFault.IsSilence"/>).</exception>
    public async Task<Leased> Open(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (Opener(out var refusal) is not { } opener)
            return new Leased.Refused(refusal!);
        try
        {
            var session = await opener.Open(longest, cancellationToken).ConfigureAwait(false);
            if (IdentityPins.Fault(resource, session.Identity) is not { } fault)
                return new Leased.Ready(session);
            await session.DisposeAsync().ConfigureAwait(false);
            return new Leased.Refused(WrongServer(fault));
        }
        catch (WrongServerException fault)
        {
            return new Leased.Refused(WrongServer(fault.Message));
        }
        catch (PoolerException)
        {
            return new Leased.Refused(RefusalCatalog.NotSupportedHere.Because(
                $"A connection pooler answers for '{resource.Name}'. It would share settings with others: connect to the server itself."));
        }
        catch (OperationCanceledException fault) when (cancellationToken.IsCancellationRequested)
        {
            throw ServerFault.Silence(fault, cancellationToken);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return new Leased.Refused(ServerFault.Of(fault, "", PostgresOperations.Longest));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_opener is { } opener)
            await opener.DisposeAsync().ConfigureAwait(false);
    }

    private SessionOpener? Opener(out Refusal? refusal)
    {
        refusal = null;
        if (secrets.Read(resource.Settings.Secret(PostgresSettings.Connection)) is not SecretRead.Found found)
        {
            refusal = ((SecretRead.Missing)secrets.Read(resource.Settings.Secret(PostgresSettings.Connection))).Why;
            return null;
        }

        lock (_lock)
        {
            var text = found.Secret.Reveal();
            if (_opener is not null && _text == text)
                return _opener;
            if (ConnectionText.Parse(found.Secret, out var fault) is not { } target)
            {
                refusal = RefusalCatalog.SecretMissing.Because(fault!);
                return null;
            }

            // The old one's sessions end by themselves; it holds nothing else.
            _text = text;
            Tried = target.Facts();
            return _opener = new SessionOpener(target with { PinnedKey = resource.Settings.Field(PostgresSettings.Identity, PostgresSettings.TlsKey) }, layers, clock);
        }
    }

    private Refusal WrongServer(string what) => RefusalCatalog.NotThePinnedServer.Because($"'{resource.Name}' does not lead to the server that the policy pins: {what}.");
}
