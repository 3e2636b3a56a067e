using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Opens sessions of the rotating role, and proves that it can do nothing but rotate.</summary>
internal sealed class RotatorSource(Resource resource, RotationSettings settings, ISecrets secrets, TimeProvider clock)
{
    /// <summary>How long the whole proof is relied on; what would be worst is asked each time.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(1);

    private (IReadOnlyList<Finding> Findings, long Taken)? _proof;

    /// <summary>Opens one whose role can do nothing else.</summary>
    public async Task<(RotatorSession? Session, Refusal? Why)> Open(CancellationToken cancellationToken)
    {
        var (session, why) = await Reach(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return (null, why);
        try
        {
            if (await Findings(session, anew: false, cancellationToken).ConfigureAwait(false) is not { Count: > 0 } findings)
                return (session, null);
            await session.DisposeAsync().ConfigureAwait(false);
            return (null, TooMuch(findings));
        }
        catch (Exception fault)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            if (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
                return (null, ServerFault.Of(fault, "", PostgresOperations.Longest));
            throw;
        }
    }

    /// <summary>What speaks against the rotating role, for whoever mends it; empty where it can do nothing but rotate.</summary>
    public async Task<IReadOnlyList<Finding>> Prove(CancellationToken cancellationToken)
    {
        var (session, why) = await Reach(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return [new Finding("rotator-unreachable", FindingWeight.Advises, why!.Message, null)];
        await using var _ = session.ConfigureAwait(false);
        try
        {
            return await Findings(session, anew: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return [new Finding("rotator-unreachable", FindingWeight.Advises, ServerFault.Of(fault, "", PostgresOperations.Longest).Message, null)];
        }
    }

    private async Task<(RotatorSession? Session, Refusal? Why)> Reach(CancellationToken cancellationToken)
    {
        if (secrets.Read(settings.Rotator) is not SecretRead.Found found)
            return (null, ((SecretRead.Missing)secrets.Read(settings.Rotator)).Why);
        if (ConnectionText.Parse(found.Secret, out var fault) is not { } target)
            return (null, RefusalCatalog.SecretMissing.Because(fault!));
        var (opened, why) = await Login.Open(resource, target, "The rotating role", clock, cancellationToken).ConfigureAwait(false);
        if (opened is not { } open)
            return (null, why);
        var session = new RotatorSession(open.Opener, open.Session, settings.Service);
        if (IdentityPins.Fault(resource, session.Identity) is not { } wrong)
            return (session, null);
        await session.DisposeAsync().ConfigureAwait(false);
        return (null, RefusalCatalog.NotThePinnedServer.Because($"The rotating role's connection does not lead to the server that the policy pins: {wrong}."));
    }

    private Refusal TooMuch(IReadOnlyList<Finding> findings) => RefusalCatalog.RotatorTooPowerful.Because(
        $"The rotating role can do more than rotate: {string.Join(", ", findings.Select(finding => finding.Kind).Distinct(StringComparer.Ordinal))}.")
        with { HumanCommand = $"safetools doctor --resource {resource.Name}" };

    private async Task<IReadOnlyList<Finding>> Findings(RotatorSession session, bool anew, CancellationToken cancellationToken)
    {
        var worst = await Worst(session.Connection, cancellationToken).ConfigureAwait(false);
        if (anew || _proof is not { } known || clock.GetElapsedTime(known.Taken) > Trust)
        {
            // The role never runs an agent's SQL, so what everybody may do on an unhardened server speaks against the reader alone.
            var asked = new Resource(resource.Name, resource.Provider, resource.Environment, new SettingValues(
                new Dictionary<string, string>(), lists: new Dictionary<string, IReadOnlyList<string>> { [PostgresSettings.Tolerates] = FindingKinds.Tolerable }));
            var proof = await CredentialProof.Prove(session.Connection, asked, session.Identity.Channel, cancellationToken).ConfigureAwait(false);
            _proof = known = ([.. proof.Findings.Where(finding => finding.Weight == FindingWeight.Refuses && !IsOurs(finding)).Select(finding => finding with { Kind = $"rotator-{finding.Kind}" })], clock.GetTimestamp());
        }

        return [.. worst, .. known.Findings];
    }

    /// <summary>The functions that it is there for run as their owner.</summary>
    private static bool IsOurs(Finding finding) =>
        finding.Kind == "definer-function" && RotationFunctions.Names.Any(name => finding.Subject.StartsWith($"{RotationScript.Schema}.{name}(", StringComparison.Ordinal));

    private static async Task<IReadOnlyList<Finding>> Worst(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(
            """
            select 'rotator-attribute', format('%I is a superuser or may make roles or databases', r.rolname), format('ALTER ROLE %I NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;', r.rolname)
            from pg_catalog.pg_roles r where r.rolname = session_user and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
            union all
            select 'rotator-member', format('%I is a member of %I', r.rolname, g.rolname), format('REVOKE %I FROM %I;', g.rolname, r.rolname)
            from pg_catalog.pg_roles r join pg_catalog.pg_auth_members m on m.member = r.oid join pg_catalog.pg_roles g on g.oid = m.roleid where r.rolname = session_user
            """,
            connection);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        var findings = new List<Finding>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            findings.Add(new Finding(reader.GetString(0), FindingWeight.Refuses, reader.GetString(1), reader.GetString(2)));
        return findings;
    }
}
