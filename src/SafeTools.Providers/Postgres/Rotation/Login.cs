using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Logs in with a connection string that is not the resource's own: the rotating role's, or an application's.</summary>
internal static class Login
{
    /// <param name="who">Begins a sentence: "The rotating role".</param>
    public static async Task<((SessionOpener Opener, Session Session)? Opened, Refusal? Why)> Open(
        Resource resource, ConnectionTarget target, string who, TimeProvider clock, CancellationToken cancellationToken)
    {
        var opener = new SessionOpener(target with { PinnedKey = resource.Settings.Field(PostgresSettings.Identity, PostgresSettings.TlsKey) }, Layers.All, clock);
        try
        {
            return ((opener, await opener.Open(PostgresOperations.Longest, cancellationToken).ConfigureAwait(false)), null);
        }
        catch (Exception fault)
        {
            await opener.DisposeAsync().ConfigureAwait(false);
            if (!ServerFault.KnowsOrStopped(fault) && fault is not (WrongServerException or PoolerException))
                throw;
            cancellationToken.ThrowIfCancellationRequested();
            return fault switch
            {
                WrongServerException => (null, RefusalCatalog.NotThePinnedServer.Because($"{who} is led to another server than the policy pins: {fault.Message}.")),
                PoolerException => (null, RefusalCatalog.NotSupportedHere.Because($"{who} is led to a connection pooler, through which nothing can be proved.")),
                PostgresException { SqlState: "28P01" or "28000" } => (null, RefusalCatalog.CredentialRefused.Because(
                    $"{who} is not let in: its password is wrong, expired or missing, or it may not log in.")),
                _ => (null, ServerFault.Of(fault, "", PostgresOperations.Longest)),
            };
        }
    }

    /// <summary>Proves that an application's connection string leads to the same database, and that it can do there what the application can. Null: it does.</summary>
    /// <param name="sink">The whole connection string.</param>
    /// <param name="server">Where it must lead.</param>
    /// <param name="slot">The slot that it logs in as.</param>
    public static async Task<Refusal?> Prove(Resource resource, Secret sink, ServerFacts server, SlotVersion slot, string ownerRole, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (ConnectionText.Parse(sink, out var fault) is not { } target)
            return RefusalCatalog.RotationSinkUnfit.Because(fault!);
        var (opened, why) = await Open(resource, target, $"The application's role of slot {slot.Slot}", clock, cancellationToken).ConfigureAwait(false);
        if (opened is not var (opener, session))
            return why;
        await using var _ = opener.ConfigureAwait(false);
        await using var __ = session.ConfigureAwait(false);
        try
        {
            var facts = session.Identity.Facts;
            if (facts.SystemIdentifier != server.SystemIdentifier || facts.Database != server.Database || !facts.Markers.SequenceEqual(server.Markers))
                return RefusalCatalog.RotationSinkUnfit.Because("The application's connection string leads to another server or database than the rotating role's.");
            using var command = new NpgsqlCommand("select session_user = $1 and pg_catalog.pg_has_role(session_user, $2, 'MEMBER')", session.Connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = slot.Role }, new NpgsqlParameter<string> { TypedValue = ownerRole } },
            };
            return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))! ? null
                : RefusalCatalog.RotationSlotMissing.Because($"Who logs in as slot {slot.Slot} is no member of the application's owner role.");
        }
        catch (Exception broken) when (ServerFault.KnowsOrStopped(broken) && !cancellationToken.IsCancellationRequested)
        {
            return ServerFault.Of(broken, "", PostgresOperations.Longest);
        }
    }
}
