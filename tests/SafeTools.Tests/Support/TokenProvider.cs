using System.Text.Json.Nodes;
using SafeTools.Providers;

namespace SafeTools.Tests.Support;

/// <summary>The least provider that diagnoses a credential: an API token. It counts its attempts as every other does.</summary>
internal sealed class TokenProvider(TimeProvider clock, ISecrets secrets, IReadOnlyDictionary<string, TokenService> services) : IProvider
{
    private readonly AttemptLedger _ledger = new(secrets, clock);
    private readonly Lock _one = new();

    public static Operation Diagnose { get; } = new() { Name = "token.diagnose_credential", Summary = "Says why a token does not work.", Floor = Effect.Read };

    public static Operation Rotate { get; } = new() { Name = "token.rotate_credential", Summary = "Not there.", Floor = Effect.Irreversible };

    public string Name => "token";

    public IReadOnlyList<Setting> ResourceSettings { get; } = [new Setting("token", SettingKind.Secret, "Where the token lies."), new Setting("service", SettingKind.Text, "Which service.")];

    public IReadOnlyList<Operation> Operations { get; } = [Diagnose];

    public IEnumerable<string> Check(Resource resource) => [];

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) => [];

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) => Task.FromResult<Previewed>(new Preview
    {
        Summary = "Looks at a token.",
        Item = new Item("credential", $"token:{request.Resource.Name}", request.Resource.Name),
        Environment = new EnvironmentEvidence([request.Resource.Environment], "the accepted policy's claim"),
        Fingerprint = new Dictionary<string, string> { ["item"] = request.Resource.Name },
    });

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        lock (_one)
        {
            var findings = Look(ticket.Request.Resource);
            var rotates = findings.All(found => found.Severity != "danger") && findings.Any(found => found.Kind is "token-refused" or "token-expired");
            return Task.FromResult<Execution>(new Execution.Done(new JsonObject
            {
                ["verdict"] = findings[0].Severity switch { "fine" => "works", var severity => severity },
                ["findings"] = new JsonArray([.. findings.Select(Shown)]),
            })
            {
                NextOperation = rotates ? Rotate.Name : null,
            });
        }
    }

    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => Task.FromResult<Execution>(new Execution.Failed(RefusalCatalog.ResourceUnavailable.Because("A read.")));

    private (string Kind, string Severity, string Says)[] Look(Resource resource)
    {
        if (secrets.Read(resource.Settings.Secret("token")) is not SecretRead.Found found)
            return [("secret-missing", "broken", "There is no token.")];
        var service = services[resource.Settings.Text("service")];
        var place = $"{resource.Settings.Text("service")}\n{resource.Name}";
        return _ledger.Begin(place, secrets.Fingerprint(found.Secret)) switch
        {
            AttemptTurn.Remembered remembered => Read(remembered.Answer),
            AttemptTurn.Try => Tried(service, place, found.Secret.Reveal(), resource),
            _ => [("not-tried", "broken", "It was not tried.")],
        };
    }

    private (string Kind, string Severity, string Says)[] Tried(TokenService service, string place, string token, Resource resource)
    {
        var status = service.Ask(token);
        (string, string, string)[] findings = status switch
        {
            0 => [("unreachable", "broken", "The service does not answer.")],
            401 => [("token-refused", "broken", "The service does not take the token.")],
            403 => [("token-expired", "broken", "The token has expired.")],
            _ when service.Environment != resource.Environment => [("other-environment", "danger", $"DANGER: the token is one of {service.Environment}."), ("works", "fine", "It works.")],
            _ => [("works", "fine", "It works.")],
        };
        _ledger.End(place, status switch { 0 => AttemptEnd.NotReached, 200 => AttemptEnd.LetIn, _ => AttemptEnd.Refused }, new JsonArray([.. findings.Select(Shown)]).ToJsonString());
        return findings;
    }

    private static JsonObject Shown((string Kind, string Severity, string Says) found) => new()
    {
        ["kind"] = found.Kind,
        ["severity"] = found.Severity,
        ["says"] = found.Says,
        ["mend"] = new JsonArray(new JsonObject { ["by"] = "human", ["do"] = "A human looks." }),
    };

    private static (string, string, string)[] Read(string answer) =>
        [.. JsonNode.Parse(answer)!.AsArray().Select(found => (found!["kind"]!.GetValue<string>(), found["severity"]!.GetValue<string>(), found["says"]!.GetValue<string>()))];
}
