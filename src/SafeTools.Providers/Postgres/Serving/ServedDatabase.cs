using System.Collections.Concurrent;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One resource as it is served: its proof, its sessions, its allow list; and what the three operations do with them.</summary>
internal sealed class ServedDatabase : IAsyncDisposable
{
    /// <summary>How long after its own limit a call may still be waited for, so that the server's own end of it comes first.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(4);

    /// <summary>How long after that the server's answer to a cancellation is waited for.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(1250);

    private readonly Resource _resource;
    private readonly Layers _layers;
    private readonly TimeProvider _clock;
    private readonly SessionSource _sessions;
    private readonly FreshSessions _fresh;
    private readonly StatementSessions _statements;
    private readonly CurrentCatalogue _catalogue;
    private readonly Attesting _attesting;
    private readonly Slots _slots = new();
    private readonly ConcurrentDictionary<string, Refusal?> _analyses = new(StringComparer.Ordinal);

    public ServedDatabase(Resource resource, ISecrets secrets, Layers layers, TimeProvider clock)
    {
        (_resource, _layers, _clock) = (resource, layers, clock);
        _sessions = new SessionSource(resource, secrets, layers, clock);
        _fresh = new FreshSessions(_sessions, clock);
        _statements = new StatementSessions(_sessions, clock);
        _catalogue = new CurrentCatalogue(CredentialSettings.Masked(resource));
        _attesting = new Attesting(resource, _sessions, _catalogue, layers, clock);
        _attesting.CatalogueChanged += Forget;
    }

    public Task<ProvedServer> Attest(CancellationToken cancellationToken) => _attesting.Anew().WaitAsync(cancellationToken);

    /// <summary>The last proof; where there is none to rely on, it is waited for a little, however short the call's own limit.</summary>
    public async Task<ProvedServer> Proved(OperationRequest request, CancellationToken cancellationToken)
    {
        var proved = _attesting.Current();
        var patience = request.Limits.Time > ProofPatience ? request.Limits.Time : ProofPatience;
        try
        {
            return proved.IsCompletedSuccessfully ? proved.Result : await proved.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return _attesting.Unreachable(ServerFault.Silent(patience));
        }
    }

    /// <summary>Whether the server would carry out the statement of a spec; remembered until the catalogue changes.</summary>
    public async Task<Refusal?> Analyse(OperationRequest request, CancellationToken cancellationToken)
    {
        var key = AnalysisKey(request);
        if (_analyses.TryGetValue(key, out var known))
            return known;
        var generation = _statements.Generation;
        var refusal = await OnStatementSession(request, null, (call, token) => call.Prepare(token), why => why, cancellationToken).ConfigureAwait(false);
        // What may pass by itself is not remembered.
        if (generation == _statements.Generation && (refusal is null || refusal.Code != RefusalCatalog.ResourceUnavailable))
            _analyses[key] = refusal;
        return refusal;
    }

    public Task<Execution> Statement(Ticket ticket, CancellationToken cancellationToken) =>
        OnStatementSession(
            ticket.Request,
            ticket.Fingerprint,
            async (call, token) => await call.Prepare(token).ConfigureAwait(false) is { } refusal ? Failed(refusal) : await call.Run(token).ConfigureAwait(false),
            Failed,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _fresh.DisposeAsync().ConfigureAwait(false);
        await _statements.DisposeAsync().ConfigureAwait(false);
        await _sessions.DisposeAsync().ConfigureAwait(false);
        _attesting.Dispose();
        _catalogue.Dispose();
        _slots.Dispose();
    }

    /// <summary>Runs one read on a session of its own.</summary>
    /// <param name="sql">What the agent wrote, for saying where it is wrong.</param>
    public Task<Execution> Fresh(Ticket ticket, string sql, Func<FreshRead, CurrentCatalogue, CancellationToken, Task<Execution>> body, CancellationToken cancellationToken) =>
        Bounded(ticket.Request, sql, (again, slot, token) => OnFreshSession(ticket, sql, body, again, slot, cancellationToken, token), Failed, cancellationToken);

    private async Task<Execution> OnFreshSession(
        Ticket ticket, string sql, Func<FreshRead, CurrentCatalogue, CancellationToken, Task<Execution>> body, bool again, Slots.Slot slot,
        CancellationToken outer, CancellationToken token)
    {
        var leased = again ? await _sessions.Open(PostgresOperations.Longest, token).ConfigureAwait(false) : await _fresh.Take(token).ConfigureAwait(false);
        if (leased is Leased.Refused no)
        {
            slot.Dispose();
            return Failed(no.Why);
        }

        var read = await Begin(((Leased.Ready)leased).Session, ticket.Request, token).ConfigureAwait(false);
        try
        {
            return ServerIdentity.Matches(_resource, read.Facts, ticket.Fingerprint) ? await body(read, _catalogue, token).ConfigureAwait(false) : Failed(Stale());
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !outer.IsCancellationRequested)
        {
            return Failed(Said(fault, sql, ticket.Request, token));
        }
        finally
        {
            // The answer need not wait until the session is gone; the next call's slot does.
            _ = End(read, slot);
        }
    }

    private async Task<FreshRead> Begin(Session session, OperationRequest request, CancellationToken token)
    {
        try
        {
            return await FreshRead.Begin(session, _layers, request.Limits.Time, token).ConfigureAwait(false);
        }
        catch
        {
            session.Drop();
            throw;
        }
    }

    private static async Task End(FreshRead read, Slots.Slot slot)
    {
        using (slot)
            await read.DisposeAsync().ConfigureAwait(false);
    }

    private Task<T> OnStatementSession<T>(
        OperationRequest request, IReadOnlyDictionary<string, string>? fingerprint, Func<StatementCall, CancellationToken, Task<T>> work, Func<Refusal, T> no, CancellationToken cancellationToken) =>
        Bounded(
            request,
            request.Settings.Text(PostgresSettings.Statement),
            async (again, slot, token) =>
            {
                using var held = slot;
                var generation = _statements.Generation;
                if (again)
                    _statements.Forget();
                var leased = again ? await _sessions.Open(PostgresOperations.Longest, token).ConfigureAwait(false) : await _statements.Take(token).ConfigureAwait(false);
                if (leased is Leased.Refused refused)
                    return no(refused.Why);
                var session = ((Leased.Ready)leased).Session;
                var call = new StatementCall(session, request, _catalogue, _layers);
                var good = false;
                try
                {
                    if (fingerprint is not null && !ServerIdentity.Matches(_resource, session.Identity.Facts, fingerprint))
                        return no(Stale());
                    var answer = await work(call, token).ConfigureAwait(false);
                    good = !call.LeftUnread && !token.IsCancellationRequested;
                    return answer;
                }
                catch (PostgresException fault) when (!ServerFault.EndsSession(fault))
                {
                    // The statement failed by itself; the session is as it was, unless a cancellation is on its way that would hit the next one.
                    good = !token.IsCancellationRequested;
                    throw;
                }
                finally
                {
                    if (good)
                        _statements.GiveBack(session, generation);
                    else
                        session.Drop();
                }
            },
            no,
            cancellationToken);

    /// <summary>
    /// Holds a call to its time and to words of ours. The server is asked to cancel when the time is up; where it does not answer that either, the call ends
    /// without it, and what was begun ends by itself, with its slot and its session.
    /// </summary>
    private async Task<T> Bounded<T>(OperationRequest request, string sql, Func<bool, Slots.Slot, CancellationToken, Task<T>> work, Func<Refusal, T> no, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var attempts = Attempts(request, sql, work, no, cancellationToken);
        try
        {
            return await attempts.WaitAsync(request.Limits.Time + Grace + Farewell, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            ForgetIdle();
            return no(ServerFault.Silent(request.Limits.Time));
        }
    }

    /// <summary>
    /// A session that turns out to be dead before it did anything is replaced once: it had been waiting while the server was restarted.
    /// </summary>
    private async Task<T> Attempts<T>(OperationRequest request, string sql, Func<bool, Slots.Slot, CancellationToken, Task<T>> work, Func<Refusal, T> no, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(request.Limits.Time + Grace, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var stop = new StopSignal(either.Token);
        for (var again = false; ; again = true)
        {
            Slots.Slot slot;
            try
            {
                slot = await _slots.Take(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return no(RefusalCatalog.ResourceUnavailable.Because("Too many statements are running. Try again later."));
            }

            try
            {
                return await work(again, slot, stop.Token).ConfigureAwait(false);
            }
            catch (Exception fault) when (!again && ServerFault.EndsSession(fault) && !either.IsCancellationRequested)
            {
                slot.Dispose();
                _fresh.Forget();
            }
            catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
            {
                slot.Dispose();
                return no(Said(fault, sql, request, either.Token));
            }
            catch
            {
                slot.Dispose();
                throw;
            }
        }
    }

    private Refusal Said(Exception fault, string sql, OperationRequest request, CancellationToken token)
    {
        if (!token.IsCancellationRequested)
            return ServerFault.Of(fault, sql, request.Limits.Time);
        if (!ServerFault.IsSilence(fault))
            return ServerFault.TookTooLong(request.Limits.Time);
        ForgetIdle();
        return ServerFault.Silent(request.Limits.Time);
    }

    private static Execution Failed(Refusal why) => new Execution.Failed(why);

    private static Refusal Stale() => RefusalCatalog.Stale.Because("The server or database is not the one that was looked at, or is marked otherwise now.");

    private static string AnalysisKey(OperationRequest request) =>
        $"{string.Join(',', request.Parameters.Select(parameter => parameter.Type))}:{request.Settings.Text(PostgresSettings.Statement)}";

    /// <summary>Where one session met silence, those that wait for work would too, one call after the other.</summary>
    private void ForgetIdle()
    {
        _statements.Forget();
        _fresh.Forget();
    }

    private void Forget()
    {
        ForgetIdle();
        _analyses.Clear();
    }
}
