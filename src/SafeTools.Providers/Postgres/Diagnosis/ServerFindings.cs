using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>Where a credential that was let in really leads, held against what the policy claims. Pure.</summary>
internal static class ServerFindings
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    /// <param name="others">What other resources were seen to lead to.</param>
    /// <param name="tools">Where the resource's own tools lead; null where that is not known, or where these are looked at.</param>
    public static IEnumerable<Found> Of(TriedLogin.LetIn login, Question question, ConnectionTarget target, IReadOnlyList<SeenClaim> others, ServerIdentity? tools, DateTimeOffset now)
    {
        var place = login.Sight.Endpoint;
        if (login.Role is { } role)
        {
            foreach (var found in OfRole(role, target.User, question, now))
                yield return found;
        }

        if (login.Identity is not { } identity)
        {
            yield return new Found(DiagnosisKinds.IdentityHidden, $"The role '{target.User}' may not read which server {place} is, so nothing proves where it leads.", Mend.Human("The database's owner lets it.", OwnersSql.Of("GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO {0};", target.User)));
            yield break;
        }

        var facts = identity.Facts;
        foreach (var found in Environment(place, facts, question, others))
            yield return found;
        if (Pins(question, identity) is { } fault)
            yield return new Found(DiagnosisKinds.OtherServer, $"DANGER: {place} is not the server that the policy pins for '{question.Resource.Name}': {fault}.", Stop(question), Mend.Human("Where the server was moved on purpose, a human pins the new one.", "safetools doctor"));
        if (tools is not null && (tools.Facts.SystemIdentifier, tools.Facts.Database) != (facts.SystemIdentifier, facts.Database))
        {
            yield return new Found(
                DiagnosisKinds.DiffersFromTools,
                tools.Facts.SystemIdentifier == facts.SystemIdentifier
                    ? $"It leads to the database '{facts.Database}'; the tools of '{question.Resource.Name}' use '{tools.Facts.Database}' on the same server."
                    : $"It leads to another server than the tools of '{question.Resource.Name}' use, so that what they show is not what the {question.Which.Word()} sees.",
                Mend.Human($"A human decides which is meant, and corrects the value at {question.Reference} or the resource."));
        }

        if (facts.Standby || login.Role?.ReadOnly == true)
        {
            yield return new Found(DiagnosisKinds.ReadOnly, facts.Standby ? $"{place} is a standby: whoever logs in there can only read." : $"The sessions of '{target.User}' only read unless they say otherwise (default_transaction_read_only).", Mend.Human($"Where it has to write, a human names the primary in the value at {question.Reference}."));
        }
    }

    private static IEnumerable<Found> Environment(Endpoint place, ServerFacts facts, Question question, IReadOnlyList<SeenClaim> others)
    {
        var claim = question.Means(question.Resource.Environment);
        var marked = facts.Markers.Select(question.Means).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (marked.Count == 0 && claim != "production")
            yield return new Found(DiagnosisKinds.NotConfirmed, $"Nothing at the database says that it is {question.Resource.Environment}, so it counts as production.", Mend.Human("Where it is, the database's owner says so.", OwnersSql.Of($"COMMENT ON DATABASE {{0}} IS '{EnvironmentMarker.Prefix}{question.Resource.Environment}';", facts.Database)));
        if (marked.Count > 0 && (marked.Count > 1 || marked[0] != claim))
        {
            yield return new Found(
                DiagnosisKinds.OtherEnvironment,
                $"DANGER: this credential leads to {string.Join(" and ", marked)}, not to {claim}. '{question.Resource.Name}' is configured as {question.Resource.Environment}, and the database '{facts.Database}' at {place} is marked {string.Join(" and ", facts.Markers)}.",
                Stop(question));
        }

        foreach (var other in others.Where(other => other.Resource != question.Resource.Name && question.Means(other.Claim) != claim && other.Server == facts.SystemIdentifier))
        {
            yield return other.Database == facts.Database
                ? new Found(DiagnosisKinds.OtherClaim, $"DANGER: this credential leads to the database of '{other.Resource}', which is {other.Claim}; '{question.Resource.Name}' is configured as {question.Resource.Environment}.", Stop(question))
                : new Found(DiagnosisKinds.SharedServer, $"Its server also holds the database of '{other.Resource}', which is {other.Claim}.", Mend.Human("A human keeps environments on servers of their own."));
        }
    }

    private static IEnumerable<Found> OfRole(OwnRole role, string user, Question question, DateTimeOffset now)
    {
        if (role.Superuser)
            yield return new Found(DiagnosisKinds.Superuser, $"DANGER: the role '{user}' is a superuser: whoever holds this credential may do anything to the whole server.", Mend.Human("The server's administrator takes that away, or makes a role that can do less.", OwnersSql.Of("ALTER ROLE {0} NOSUPERUSER;", user)));
        if (role.Attributes.Count > 0)
            yield return new Found(DiagnosisKinds.RoleAttribute, $"The role '{user}' has more than an application needs: {string.Join(", ", role.Attributes)}.", Mend.Human("The server's administrator takes it away.", OwnersSql.Of($"ALTER ROLE {{0}} {string.Join(' ', role.Attributes.Select(attribute => $"NO{attribute}"))};", user)));
        if (role.ValidUntil is { } until && until - now < Soon)
        {
            yield return new Found(
                DiagnosisKinds.ExpiresSoon, string.Create(CultureInfo.InvariantCulture, $"The password of '{user}' expires on {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC."),
                [.. question.CanBeRotated ? new[] { Mend.Agent("An agent that has a tool for it rotates the application's password.", PostgresOperations.Rotate) } : [], Mend.Human("The database's owner sets another end.", OwnersSql.Of("ALTER ROLE {0} VALID UNTIL 'infinity';", user))]);
        }

        if (role.Limit >= 0 && int.TryParse(role.Sessions, CultureInfo.InvariantCulture, out var used) && used * 10 >= role.Limit * 9)
            yield return new Found(DiagnosisKinds.NearLimit, $"The role '{user}' has {used} of the {role.Limit} connections that it may have.", Mend.Human("A human looks which application keeps them open.", OwnersSql.Of("ALTER ROLE {0} CONNECTION LIMIT 40;", user)));
    }

    /// <summary>An application may use another database of the pinned server than the tools do; that is told by comparing with them.</summary>
    private static string? Pins(Question question, ServerIdentity identity)
    {
        var pinned = question.Resource.Settings.Field(PostgresSettings.Identity, PostgresSettings.Database);
        return IdentityPins.Fault(
            question.Resource,
            question.Which == CheckedCredential.Tools || pinned is null ? identity : identity with { Facts = identity.Facts with { Database = pinned } });
    }

    private static Mend Stop(Question question) =>
        Mend.Human($"Use it for nothing until a human has found out how it came to lead there and has corrected the value at {question.Reference}.");
}
