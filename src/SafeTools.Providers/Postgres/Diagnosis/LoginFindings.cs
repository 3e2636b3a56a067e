using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>A login that failed, in words. Pure.</summary>
internal static class LoginFindings
{
    /// <param name="looked">What somebody who is inside says of the role; null where nobody is.</param>
    public static IReadOnlyList<Found> Of(TriedLogin.Fault fault, ConnectionTarget target, Question question, RoleLookup? looked)
    {
        var kind = Resolved(fault.Kind, looked);
        var (user, database, place) = (target.User, target.Database, fault.Sight.Endpoint);
        return kind switch
        {
            DiagnosisKinds.NoSuchRole => [Told(kind, $"There is no role '{user}' at {place}.", Corrected(question, "user"))],
            DiagnosisKinds.LoginNotAllowed => [Told(kind, $"The role '{user}' may not log in (NOLOGIN).", Owner("The database's owner lets it log in, where that is meant to be.", "ALTER ROLE {0} LOGIN;", user))],
            DiagnosisKinds.Expired =>
            [
                Told(kind, $"The password of the role '{user}' has expired{(looked?.ValidUntil is { } until ? string.Create(CultureInfo.InvariantCulture, $" on {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "")}.",
                    Rotated(question), Owner("The database's owner sets another end.", "ALTER ROLE {0} VALID UNTIL 'infinity';", user)),
            ],
            DiagnosisKinds.WrongPassword =>
            [
                Told(kind, $"The password is not the one that the role '{user}' has at {place}.", Rotated(question), Corrected(question, "password"),
                    Owner("Or the database's owner gives the role that password, in psql.", "\\password {0}", user)),
            ],
            DiagnosisKinds.NotLetIn =>
            [
                Told(kind, $"{place} does not let '{user}' in: the password is wrong or has expired, or there is no such role. PostgreSQL answers these alike on purpose, and no other credential here could look.",
                    Rotated(question), Owner("The database's owner looks at the role, in psql.", "\\du {0}", user)),
            ],
            DiagnosisKinds.NoSuchDatabase => [Told(kind, $"There is no database '{database}' at {place}.", Corrected(question, "database"))],
            DiagnosisKinds.DatabaseClosed => [Told(kind, $"The database '{database}' takes no connections.", Owner("The server's administrator opens it, where that is meant to be.", "ALTER DATABASE {0} ALLOW_CONNECTIONS true;", database))],
            DiagnosisKinds.NoConnectRight => [Told(kind, $"The role '{user}' lacks the right to connect to the database '{database}'.", Owner("The database's owner grants it, where that is meant to be.", "GRANT CONNECT ON DATABASE {0} TO {1};", database, user))],
            DiagnosisKinds.TooManyOfRole =>
            [
                Told(kind, $"The role '{user}' has as many connections as it may have{Counted(looked)}.", Mend.Human("A human looks which application keeps them open."), Owner("Or the database's owner allows more.", "ALTER ROLE {0} CONNECTION LIMIT 40;", user)),
            ],
            DiagnosisKinds.TooManyOnDatabase => [Told(kind, $"The database '{database}' has as many connections as it may have.", Mend.Human("A human looks who keeps them open."), Mend.Agent("Wait, and look again later."))],
            DiagnosisKinds.TooManyOnServer => [Told(kind, $"{place} has no connection to spare.", Mend.Human("A human looks who keeps them open."), Mend.Agent("Wait, and look again later."))],
            DiagnosisKinds.ServerNotReady => [Told(kind, $"{place} is starting, stopping or recovering.", Mend.Agent("Wait, and look again later."))],
            DiagnosisKinds.TlsRequired =>
            [
                Told(kind, $"The host rules of {place} (pg_hba.conf) let '{user}' in from here not without TLS, or not at all; the connection string says sslmode=disable, and the server offers TLS.",
                    Mend.Human($"A human writes sslmode=require in the value at {question.Reference}; if that does not help, the server's administrator looks at pg_hba.conf.")),
            ],
            DiagnosisKinds.HostRules => [Told(kind, $"The host rules of {place} (pg_hba.conf) do not let '{user}' into '{database}' from this address, or by another means than a password.", Mend.Human("The server's administrator adds a rule to pg_hba.conf and reloads it.", "SELECT pg_reload_conf();"))],
            DiagnosisKinds.Pooler => [Told(kind, $"A connection pooler answers at {place}: it let '{user}' in, and who the server behind it is cannot be proved.", Mend.Human($"A human names the server itself in the value at {question.Reference}, where SafeTools is to prove it."))],
            DiagnosisKinds.PinnedKeyDiffers => [Told(kind, $"DANGER: {place} shows another key than the one that the policy pins.", Mend.Human("A human checks who answers there.", "safetools doctor"))],
            DiagnosisKinds.TimedOut => [Told(kind, $"{place} began to answer, and did not let '{user}' in in time.", Mend.Agent("Look again later."), Mend.Human("A human looks at the server's load."))],
            DiagnosisKinds.TlsFailed => [Told(kind, $"TLS with {place} ended before '{user}' was let in.", Mend.Human("A human looks at the server's log."))],
            _ => target.Password is null
                ? [Told(DiagnosisKinds.NoPassword, $"{place} asks for a password, and the connection string holds none.", Corrected(question, "password"))]
                : [Told(DiagnosisKinds.LoginFailed, $"{place} did not let '{user}' in, for a reason that is not known here.", Mend.Human("The server's administrator looks at its log."))],
        };

        string Resolved(string said, RoleLookup? role) => said switch
        {
            DiagnosisKinds.NotLetIn or DiagnosisKinds.LoginNotAllowed or DiagnosisKinds.NoSuchRole when role is not null => said == DiagnosisKinds.NotLetIn || !role.Exists ? role.Reason : said,
            DiagnosisKinds.HostRules when fault.Sight.OffersTls is true && TriedLogin.Mode(target, fault.Sight) == TlsMode.Disable => DiagnosisKinds.TlsRequired,
            _ => said,
        };
    }

    private static Found Told(string kind, string says, params Mend?[] mends) => new(kind, says, [.. mends.OfType<Mend>()]);

    private static Mend Owner(string what, string template, params string[] names) => Mend.Human(what, OwnersSql.Of(template, names));

    private static Mend Corrected(Question question, string part) => Mend.Human($"A human corrects the {part} in the value at {question.Reference}.");

    private static Mend? Rotated(Question question) => question.CanBeRotated
        ? Mend.Agent("An agent that has a tool for it rotates the application's password: a new one is made, written there and proved.", PostgresOperations.Rotate)
        : null;

    private static string Counted(RoleLookup? looked) => looked is { Limit: >= 0 } role ? $" ({role.Sessions ?? "?"} of {role.Limit})" : "";
}
