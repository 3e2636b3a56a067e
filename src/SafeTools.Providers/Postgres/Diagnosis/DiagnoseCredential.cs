namespace SafeTools.Providers.Postgres;

/// <summary>
/// The operation. Its item is the credential, not the database: a diagnosis must answer when the server is down, and all the more when the name leads to
/// another one. So the environment that it runs under is the claim of the accepted policy, and what the database says of itself is part of the answer.
/// That lets nobody read anything: the answer holds configuration and what a login shows, and no row of any table.
/// </summary>
internal sealed class DiagnoseCredential(ISecrets secrets, TimeProvider clock, Func<IReadOnlyList<SeenClaim>> seen)
{
    private readonly Diagnosing _diagnosing = new(secrets, clock, seen);

    public static Previewed Preview(OperationRequest request)
    {
        var which = CheckedCredentials.Asked(request);
        return which.Reference(request.Resource) is not { } reference ? Missing(request, which) : new Preview
        {
            Summary = $"Looks at the credential '{which.Word()}' of {request.Resource.Name}: where it leads, and whether it is let in there.",
            Item = new Item("credential", Id(request, which), $"{request.Resource.Name} {which.Word()}"),
            Environment = new EnvironmentEvidence([request.Resource.Environment], "the accepted policy's claim"),
            Fingerprint = Fingerprint(request, which, reference),
            Facts = [new Fact("reference", new FactValue.Text(reference.ToString()), FactSource.Configuration)],
        };
    }

    public async Task<Execution> Execute(Ticket ticket, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = ticket.Request;
        var which = CheckedCredentials.Asked(request);
        if (which.Reference(request.Resource) is not { } reference)
            return new Execution.Failed(Missing(request, which));
        var now = Fingerprint(request, which, reference);
        if (now.Count != ticket.Fingerprint.Count || now.Any(pair => ticket.Fingerprint.GetValueOrDefault(pair.Key) != pair.Value))
            return new Execution.Failed(RefusalCatalog.Stale.Because("The policy names another credential now."));
        var question = new Question(request.Resource, which, reference);
        try
        {
            var diagnosis = await _diagnosing.Of(question, cancellationToken).WaitAsync(request.Limits.Time, clock, cancellationToken).ConfigureAwait(false);
            var answer = DiagnosisAnswer.Told(diagnosis, question, clock.GetUtcNow(), request.Limits.Bytes);
            return new Execution.Done(answer) { NextOperation = DiagnosisAnswer.Next(answer, question) };
        }
        catch (TimeoutException)
        {
            return new Execution.Failed(RefusalCatalog.TimedOut.Because("The look takes longer than the tool allows. It goes on: ask again in half a minute, and its answer is there."));
        }
    }

    private static Refusal Missing(OperationRequest request, CheckedCredential which) =>
        RefusalCatalog.NoSuchItem.Because($"The resource '{request.Resource.Name}' names no credential '{which.Word()}'.");

    private static string Id(OperationRequest request, CheckedCredential which) => $"postgres:{request.Resource.Name}/{which.Word()}";

    private static Dictionary<string, string> Fingerprint(OperationRequest request, CheckedCredential which, SecretReference reference) => new(StringComparer.Ordinal)
    {
        ["item"] = Id(request, which),
        ["reference"] = reference.ToString(),
        ["claim"] = request.Resource.Environment,
    };
}
