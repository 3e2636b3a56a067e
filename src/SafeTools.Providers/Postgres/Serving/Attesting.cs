using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Keeps what was proved of one resource, and proves it anew when it is asked to or when the last proof is too old to rely on.</summary>
internal sealed class Attesting(Resource resource, SessionSource sessions, CurrentCatalogue catalogue, Layers layers, TimeProvider clock) : IDisposable
{
    /// <summary>Older than that, a call waits for a new one. The server proves every minute.</summary>
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(3);

    /// <summary>A credential that failed is proved again by a call after so long: who mends it need not wait for the next minute.</summary>
    private static readonly TimeSpan LongestDistrust = TimeSpan.FromSeconds(5);

    /// <summary>A proof that takes longer is given up: the server, or the way to it, is gone without a word.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _one = new(1, 1);
    private Look? _last;

    /// <summary>Raised when the catalogue is another than at the proof before.</summary>
    public event System.Action? CatalogueChanged;

    /// <summary>The last proof, or a new one where there is none to rely on.</summary>
    /// <remarks>Nobody's giving up ends it: others wait for the same proof.</remarks>
    public Task<ProvedServer> Current() => Current(clock.GetTimestamp());

    public Task<ProvedServer> Anew() => Once(() => null);

    public ProvedServer Unreachable(Refusal why) => new(new Attestation { Taken = clock.GetUtcNow(), Unreachable = why, Facts = sessions.Tried }, null, 0);

    public void Dispose() => _one.Dispose();

    private async Task<ProvedServer> Current(long asked) => Recent(asked) ?? await Once(() => Recent(asked)).ConfigureAwait(false);

    /// <summary>That a server did not answer counts for those who waited to hear it alone: one that is back serves at once.</summary>
    private ProvedServer? Recent(long asked) => Volatile.Read(ref _last) is not { } last ? null
        : last.Server.Facts is null ? (last.Taken >= asked ? last.Server : null)
        : clock.GetElapsedTime(last.Taken) < (last.Server.Attestation.Verdict == AttestationVerdict.Failed ? LongestDistrust : LongestTrust) ? last.Server
        : null;

    private async Task<ProvedServer> Once(Func<ProvedServer?> known)
    {
        await _one.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (known() is { } proved)
                return proved;
            using var patience = new CancellationTokenSource(Patience, clock);
            using var stop = new StopSignal(patience.Token);
            var server = await Prove(stop.Token).ConfigureAwait(false);
            Volatile.Write(ref _last, new Look(server, clock.GetTimestamp()));
            return server;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ProvedServer> Prove(CancellationToken cancellationToken)
    {
        try
        {
            var leased = await sessions.Open(PostgresOperations.Longest, cancellationToken).ConfigureAwait(false);
            if (leased is Leased.Refused refused)
                return Unreachable(refused.Why);
            var session = ((Leased.Ready)leased).Session;
            await using var _ = session.ConfigureAwait(false);
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
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault))
        {
            return Unreachable(cancellationToken.IsCancellationRequested ? ServerFault.Silent(Patience) : ServerFault.Of(fault, "", PostgresOperations.Longest));
        }
    }

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

    /// <param name="Taken">A timestamp of the clock.</param>
    private sealed record Look(ProvedServer Server, long Taken);
}
