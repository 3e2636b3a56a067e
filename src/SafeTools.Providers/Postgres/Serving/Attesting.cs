using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Keeps what was proved of one resource, and proves it anew when it is asked to or when the last proof is too old to rely on.</summary>
internal sealed class Attesting(Resource resource, SessionSource sessions, CurrentCatalogue catalogue, Layers layers, TimeProvider clock) : IDisposable
{
    /// <summary>Older than that, a call waits for a new one. The server proves every minute.</summary>
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(3);

    /// <summary>A server that did not answer is not asked more often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (ProvedServer Server, long Taken)? _last;

    /// <summary>Raised when the catalogue is another than at the proof before.</summary>
    public event System.Action? CatalogueChanged;

    /// <summary>The last proof, or a new one where there is none to rely on.</summary>
    public async Task<ProvedServer> Current(CancellationToken cancellationToken) =>
        Recent() ?? await Once(() => Recent(), cancellationToken).ConfigureAwait(false);

    public Task<ProvedServer> Anew(CancellationToken cancellationToken) => Once(() => null, cancellationToken);

    public void Dispose() => _one.Dispose();

    private ProvedServer? Recent()
    {
        if (_last is not { } last)
            return null;
        var age = clock.GetElapsedTime(last.Taken);
        return age < (last.Server.Facts is null ? Pause : LongestTrust) ? last.Server : null;
    }

    private async Task<ProvedServer> Once(Func<ProvedServer?> known, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (known() is { } proved)
                return proved;
            var server = await Prove(cancellationToken).ConfigureAwait(false);
            _last = (server, clock.GetTimestamp());
            return server;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ProvedServer> Prove(CancellationToken cancellationToken)
    {
        var leased = await sessions.Open(PostgresOperations.Longest, cancellationToken).ConfigureAwait(false);
        if (leased is Leased.Refused refused)
            return Unreachable(refused.Why);
        var session = ((Leased.Ready)leased).Session;
        await using var _ = session.ConfigureAwait(false);
        try
        {
            if (!await TakesTextsAsTheyAre(session.Connection, cancellationToken).ConfigureAwait(false))
                return Unreachable(RefusalCatalog.InternalFault.Because("The database client divides texts at their semicolons, so nothing is sent through it."));
            var proof = layers.Attestation
                ? await CredentialProof.Prove(session.Connection, resource, session.Identity.Channel, cancellationToken).ConfigureAwait(false)
                : new Proof([], session.Identity.Facts.Facts(session.Identity.Channel), session.Identity.Facts.Markers);
            await Refresh(session.Connection, cancellationToken).ConfigureAwait(false);
            return new ProvedServer(
                new Attestation
                {
                    Taken = clock.GetUtcNow(),
                    Findings = proof.Findings,
                    Advice = CredentialAdvice.Of(proof.Findings, session.Identity.Facts, resource),
                    Facts = proof.Facts,
                    Environment = new EnvironmentEvidence(proof.Markers, "the database's comment"),
                },
                session.Identity.Facts,
                session.Identity.Major);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return Unreachable(ServerFault.Of(fault, "", PostgresOperations.Longest));
        }
    }

    private ProvedServer Unreachable(Refusal why) => new(new Attestation { Taken = clock.GetUtcNow(), Unreachable = why, Facts = sessions.Tried }, null, 0);

    /// <summary>Two statements in one text are an error to the server, unless somebody divided them on the way.</summary>
    private static async Task<bool> TakesTextsAsTheyAre(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("select 1; select 2", connection);
        await using var _ = command.ConfigureAwait(false);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.SyntaxError)
        {
            return true;
        }
    }

    private async Task Refresh(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!layers.ParseGate)
            return;
        var before = catalogue.Stamp;
        var stamp = await CatalogueReader.Stamp(connection, cancellationToken).ConfigureAwait(false);
        await catalogue.At(stamp, connection, cancellationToken).ConfigureAwait(false);
        if (before is not null && before != stamp)
            CatalogueChanged?.Invoke();
    }
}
