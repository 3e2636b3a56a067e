namespace SafeTools.Providers.Postgres;

/// <summary>
/// What another credential of the same resource can say about the one that is looked at: where the tools lead, and how the server sees the role. Its logins
/// are counted and spaced as any other.
/// </summary>
/// <param name="Tools">Where the tools lead; null where they were not let in.</param>
/// <param name="Role">Of the role that was asked about; null where nobody at the same server could be asked.</param>
internal sealed record Aside(ServerIdentity? Tools, RoleLookup? Role)
{
    /// <summary>Another place than what is asked about has another stamp, and its answers are nobody's.</summary>
    private const string Stamp = "aside";

    /// <param name="refused">Whether the credential was not let in; else only the tools' place is of interest.</param>
    public static async Task<Aside> Ask(Question question, ConnectionTarget about, IReadOnlyList<EndpointSight> sights, bool refused, ISecrets secrets, AttemptLedger ledger, CancellationToken cancellationToken)
    {
        var said = new Aside(null, null);
        foreach (var which in new[] { CheckedCredential.Tools, CheckedCredential.Rotator }.Where(which => which != question.Which))
        {
            if (which == CheckedCredential.Rotator && (!refused || said.Role is not null))
                break;
            if (which.Reference(question.Resource) is not { } reference || secrets.Read(reference) is not SecretRead.Found found || UrlForm.Read(found.Secret, reference).Target is not { } target)
                continue;
            if (await Asked(question with { Which = which, Reference = reference }, target with { PinnedKey = question.PinnedKey }, about, ledger, cancellationToken).ConfigureAwait(false) is not { } login)
                continue;
            said = new Aside(
                which == CheckedCredential.Tools ? login.Identity : said.Tools,
                sights.Any(login.Sight.IsSameAs) ? login.Looked ?? said.Role : said.Role);
        }

        return said;
    }

    private static async Task<TriedLogin.LetIn?> Asked(Question question, ConnectionTarget target, ConnectionTarget about, AttemptLedger ledger, CancellationToken cancellationToken)
    {
        var place = Question.Place(target);
        if (ledger.Begin(place, Stamp, aside: true) is not AttemptTurn.Try turn)
            return null;
        var end = AttemptEnd.NotReached;
        try
        {
            foreach (var endpoint in target.Endpoints.Take(Diagnosing.MostEndpoints))
            {
                var sight = await EndpointProbe.Look(endpoint, target, cancellationToken).ConfigureAwait(false);
                if (!EndpointFindings.MayLogIn(sight, EndpointFindings.Of(sight, target, question.Reference, ledger.Now)))
                    continue;
                end = AttemptEnd.Refused;
                if (await TriedLogin.Try(target, sight, (about.User, about.Database), cancellationToken).ConfigureAwait(false) is not TriedLogin.LetIn login)
                    return null;
                end = AttemptEnd.LetIn;
                return login;
            }

            return null;
        }
        finally
        {
            ledger.EndAside(place, turn, end);
        }
    }
}
