namespace SafeTools.Providers.Postgres;

/// <summary>What is found of a place before any credential is shown there. Pure.</summary>
internal static class EndpointFindings
{
    public static IEnumerable<Found> Of(EndpointSight sight, ConnectionTarget target, SecretReference reference, DateTimeOffset now) => sight.Reached switch
    {
        Reached.HostUnknown => [new Found(DiagnosisKinds.HostUnknown, $"The name of {sight.Endpoint} has no address.", Corrected(reference))],
        Reached.Refused => [new Found(DiagnosisKinds.ConnectionRefused, $"Nobody listens at {sight.Endpoint}: the server is down, or the port is another.", Started(), Corrected(reference))],
        Reached.TimedOut => [new Found(DiagnosisKinds.TimedOut, $"{sight.Endpoint} does not answer: a firewall on the way, or the host is down.", Mend.Human("A human looks at the host and at the firewalls on the way."))],
        Reached.Unreachable => [new Found(DiagnosisKinds.Unreachable, $"There is no way to {sight.Endpoint} from here.", Mend.Human("A human looks at the network."))],
        Reached.NotPostgres => [new Found(DiagnosisKinds.NotPostgres, $"What listens at {sight.Endpoint} is no PostgreSQL server: the port is probably another.", Corrected(reference))],
        Reached.Postgres => Tls(sight, target, reference, now),
    };

    /// <summary>Whether a credential may be shown there: the server is a PostgreSQL, and what the connection string demands of its certificate is met.</summary>
    public static bool MayLogIn(EndpointSight sight, IEnumerable<Found> found) =>
        sight.Reached == Reached.Postgres && found.All(one => one.Severity is Severity.Warning or Severity.Fine);

    private static IEnumerable<Found> Tls(EndpointSight sight, ConnectionTarget target, SecretReference reference, DateTimeOffset now)
    {
        var mode = TriedLogin.Mode(target, sight);
        if (mode == TlsMode.Disable)
            yield break;
        if (sight.OffersTls is false)
        {
            yield return target.PinnedKey is not null
                ? new Found(DiagnosisKinds.PinnedKeyDiffers, $"DANGER: {sight.Endpoint} offers no TLS, while the policy pins the server's key: whoever answers there cannot show it. No password was sent.", Checked(reference))
                : new Found(DiagnosisKinds.TlsNotOffered, $"{sight.Endpoint} offers no TLS, and the connection string requires it.", Mend.Human("A human turns TLS on at the server (ssl = on), or, where nobody can listen on the way, writes sslmode=disable."));
            yield break;
        }

        if (sight.TlsFailed)
        {
            yield return new Found(DiagnosisKinds.TlsFailed, $"TLS could not be agreed on with {sight.Endpoint}.", Mend.Human("A human looks at the server's certificate and at the TLS versions that it takes."));
            yield break;
        }

        if (sight.Certificate is not { } certificate)
            yield break;
        if (target.PinnedKey is { } pinned && pinned != certificate.Key)
            yield return new Found(DiagnosisKinds.PinnedKeyDiffers, $"DANGER: {sight.Endpoint} shows another key than the one that the policy pins: another server answers there, or its key was renewed. No password was sent.", Checked(reference));
        var trusts = mode is TlsMode.VerifyCertificate or TlsMode.VerifyFull;
        if (certificate.IsOutOfDate(now))
        {
            yield return new Found(DiagnosisKinds.CertificateExpired, $"The certificate of {sight.Endpoint} is out of date: it was valid until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}.", Mend.Human("A human renews the server's certificate."))
            {
                Severity = trusts ? Severity.Broken : Severity.Warning,
            };
        }
        else if (trusts && !certificate.Trusted)
        {
            yield return new Found(DiagnosisKinds.CertificateUntrusted, $"The certificate of {sight.Endpoint} is signed by nobody who is trusted here, and sslmode demands it.", Mend.Human("A human names the authority's file by sslrootcert, or pins the server's key in identity.tls_key."));
        }

        if (mode == TlsMode.VerifyFull && !certificate.Named)
            yield return new Found(DiagnosisKinds.CertificateOtherName, $"The certificate of {sight.Endpoint} is made out to another name, and sslmode=verify-full demands this one.", Mend.Human("A human uses the name that the certificate has, or has one made out to this name."), Corrected(reference));
    }

    private static Mend Started() => Mend.Human("A human starts the server, or looks why it is down.");

    private static Mend Corrected(SecretReference reference) => Mend.Human($"A human corrects host and port in the value at {reference}.");

    private static Mend Checked(SecretReference reference) => Mend.Human($"A human checks who answers there; then corrects the value at {reference}, or pins the new key.", "safetools doctor");
}
