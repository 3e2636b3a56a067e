using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Looks at a credential: its secret and form, then each place that it names, then one login at each until one fails. What was found is remembered, and
/// answers whoever asks again too soon; without a count of the attempts there is none, and nothing is said on the network.
/// </summary>
/// <param name="seen">What the provider's resources were seen to lead to; told of each new sight.</param>
internal sealed class Diagnosing(ISecrets secrets, TimeProvider clock, Func<IReadOnlyList<SeenClaim>> seen)
{
    public const int MostEndpoints = 4;

    /// <summary>Shorter than <see cref="AttemptRules.Longest"/>, after which an attempt counts as abandoned.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly AttemptLedger _ledger = new(secrets, clock);
    private readonly Dictionary<string, Task<Diagnosis>> _running = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public async Task<Diagnosis> Of(Question question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var diagnosis = new Diagnosis(question.Which, question.Reference, clock.GetUtcNow());
        if (secrets.Read(question.Reference) is not SecretRead.Found { Secret: var secret })
        {
            var why = ((SecretRead.Missing)secrets.Read(question.Reference)).Why;
            return diagnosis with { Findings = [new Found(DiagnosisKinds.SecretMissing, $"There is no value at {question.Reference}. {why.Message}", Mend.Human("A human puts it there, readable by the server alone."))] };
        }

        var form = UrlForm.Read(secret, question.Reference);
        if (form.Target is not { } named)
            return diagnosis with { Findings = form.Findings, Present = true, Fingerprint = Fingerprint(secret) };
        var target = named with { PinnedKey = question.PinnedKey };
        diagnosis = diagnosis with { Present = true, Target = target, Findings = form.Findings, Fingerprint = Fingerprint(secret) };
        return diagnosis.Fingerprint is null ? diagnosis.NotTried(null, underWay: false) : await Once(question, diagnosis, target, cancellationToken).ConfigureAwait(false);
    }

    private Task<Diagnosis> Once(Question question, Diagnosis diagnosis, ConnectionTarget target, CancellationToken cancellationToken)
    {
        var (place, stamp) = (Question.Place(target), question.Stamp(diagnosis.Fingerprint!));
        var key = $"{place}\n{stamp}";
        lock (_lock)
        {
            if (_running.TryGetValue(key, out var running))
                return running.WaitAsync(cancellationToken);
            switch (_ledger.Begin(place, stamp))
            {
                case AttemptTurn.Try:
                    // Whoever asked may leave; the look goes on to its own end, so that it is written down.
                    return (_running[key] = Task.Run(() => Look(question, diagnosis, target, place, key), CancellationToken.None)).WaitAsync(cancellationToken);
                case AttemptTurn.Remembered remembered:
                    return Task.FromResult(diagnosis with { Remembered = JsonNode.Parse(remembered.Answer)!.AsObject(), Taken = remembered.Taken, Again = remembered.Again });
                case AttemptTurn.Wait wait:
                    return Task.FromResult(diagnosis.NotTried(wait.Again, wait.UnderWay));
                case AttemptTurn.Uncounted:
                    return Task.FromResult(diagnosis.NotTried(null, underWay: false));
                default:
                    throw new NotSupportedException("Unknown turn.");
            }
        }
    }

    private async Task<Diagnosis> Look(Question question, Diagnosis diagnosis, ConnectionTarget target, string place, string key)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, clock);
            var sights = await Task.WhenAll(target.Endpoints.Take(MostEndpoints).Select(endpoint => EndpointProbe.Look(endpoint, target, limit.Token))).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            var before = sights.Select(sight => (Sight: sight, Found: EndpointFindings.Of(sight, target, question.Reference, now).ToList())).ToList();
            var logins = new List<TriedLogin>();
            foreach (var (sight, _) in before.Where(place => EndpointFindings.MayLogIn(place.Sight, place.Found)))
            {
                logins.Add(await TriedLogin.Try(target, sight, null, limit.Token).ConfigureAwait(false));
                if (logins[^1] is TriedLogin.Fault)
                    break;
            }

            var refused = logins.OfType<TriedLogin.Fault>().Any();
            var aside = logins.Count == 0 ? new Aside(null, null) : await Aside.Ask(question, target, sights, refused, secrets, _ledger, limit.Token).ConfigureAwait(false);
            var found = Told(question, target, before, logins, aside, now);
            var looked = diagnosis with { Findings = Found.InOrder([.. diagnosis.Findings, .. found]), Sights = sights, Logins = logins, Taken = now };
            var end = logins.Count == 0 ? AttemptEnd.NotReached : refused ? AttemptEnd.Refused : AttemptEnd.LetIn;
            _ledger.End(place, end, DiagnosisAnswer.Of(looked, question).ToJsonString());
            return looked with { Again = now + (end == AttemptEnd.Refused ? AttemptRules.AfterFailure : AttemptRules.AfterOther) };
        }
        finally
        {
            lock (_lock)
                _running.Remove(key);
        }
    }

    private IEnumerable<Found> Told(
        Question question, ConnectionTarget target, List<(EndpointSight Sight, List<Found> Found)> before, List<TriedLogin> logins, Aside aside, DateTimeOffset now)
    {
        var letIn = logins.OfType<TriedLogin.LetIn>().ToList();
        // Several hosts are named because one may be down: where another works, that is no more than a warning.
        foreach (var one in before.SelectMany(place => place.Found))
            yield return letIn.Count > 0 && one.Severity == Severity.Broken ? one with { Severity = Severity.Warning } : one;
        foreach (var one in logins.OfType<TriedLogin.Fault>().SelectMany(fault => LoginFindings.Of(fault, target, question, aside.Role)))
            yield return letIn.Count > 0 && one.Severity == Severity.Broken ? one with { Severity = Severity.Warning } : one;
        foreach (var one in letIn.SelectMany(login => ServerFindings.Of(login, question, target, seen(), question.Which == CheckedCredential.Tools ? null : aside.Tools, now)))
            yield return one;
        if (letIn.Count > 0)
            yield return new Found(DiagnosisKinds.Works, $"{letIn[0].Sight.Endpoint} lets '{target.User}' into '{target.Database}'.");
    }

    private string? Fingerprint(Secret secret)
    {
        try
        {
            return secrets.Fingerprint(secret);
        }
        catch (SecretsException)
        {
            return null;
        }
    }
}
