using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// A diagnosis as the agent gets it. Hosts, ports, databases and users are shown: they are configuration, and without them nobody could tell where a
/// credential leads. The password is not, nor its length, nor anything of a value whose parts cannot be told apart (<see cref="UrlForm"/>).
/// </summary>
internal static class DiagnosisAnswer
{
    private const int LongestText = 256;

    private static readonly string[] MendedByRotation = [DiagnosisKinds.WrongPassword, DiagnosisKinds.Expired, DiagnosisKinds.NotLetIn, DiagnosisKinds.ExpiresSoon];

    /// <summary>In the order in which parts give way where an answer is too long.</summary>
    private static readonly string[] LeftOut = ["endpoints", "leads_to", "secret"];

    /// <summary>The answer of a look that was just taken, or of an earlier one.</summary>
    public static JsonObject Of(Diagnosis diagnosis, Question question) => diagnosis.Remembered is { } remembered ? remembered.DeepClone().AsObject() : new JsonObject
    {
        ["credential"] = diagnosis.Which.Word(),
        ["resource"] = question.Resource.Name,
        ["configured_as"] = question.Resource.Environment,
        ["verdict"] = Verdict(diagnosis.Findings),
        ["findings"] = new JsonArray([.. diagnosis.Findings.Select(Finding)]),
        ["secret"] = new JsonObject { ["reference"] = diagnosis.Reference.ToString(), ["present"] = diagnosis.Present, ["fingerprint"] = diagnosis.Fingerprint },
        ["leads_to"] = diagnosis.Target is { } target ? Target(target) : null,
        ["endpoints"] = new JsonArray([.. diagnosis.Sights.Select(sight => Endpoint(sight, diagnosis.Logins.FirstOrDefault(login => login.Sight == sight)))]),
    };

    /// <summary>With how old it is, in as many bytes as there may be: what does not fit is left out, findings last.</summary>
    public static JsonObject Told(Diagnosis diagnosis, Question question, DateTimeOffset now, long bytes)
    {
        var answer = Of(diagnosis, question);
        answer["looked"] = new JsonObject
        {
            ["at"] = Text(diagnosis.Taken),
            ["seconds_ago"] = Math.Max(0, (long)(now - diagnosis.Taken).TotalSeconds),
            ["remembered"] = diagnosis.Remembered is not null,
            ["again_at"] = diagnosis.Again is { } again ? Text(again) : null,
        };
        foreach (var part in LeftOut.TakeWhile(_ => Bytes(answer) > bytes))
            answer.Remove(part);
        while (Bytes(answer) > bytes && answer["findings"]!.AsArray() is { Count: > 1 } findings)
            findings.RemoveAt(findings.Count - 1);
        return answer;
    }

    /// <summary>What an agent may do next; null where rotating would not mend it, or where the credential must be left alone.</summary>
    public static string? Next(JsonObject answer, Question question)
    {
        var findings = answer["findings"]!.AsArray().Select(found => (Kind: found!["kind"]!.GetValue<string>(), Severity: found["severity"]!.GetValue<string>())).ToList();
        return question.CanBeRotated && findings.All(found => found.Severity != Word(Severity.Danger)) && findings.Any(found => MendedByRotation.Contains(found.Kind)) ? PostgresOperations.Rotate : null;
    }

    private static string Verdict(IReadOnlyList<Found> findings) => findings.Count == 0 ? "unknown" : findings[0] switch
    {
        { Kind: DiagnosisKinds.NotTried } => "unknown",
        { Severity: Severity.Danger } => "danger",
        { Severity: Severity.Broken } => "broken",
        _ => "works",
    };

    private static string Word(Severity severity) => severity switch
    {
        Severity.Danger => "danger",
        Severity.Broken => "broken",
        Severity.Warning => "warning",
        Severity.Fine => "fine",
    };

    private static JsonObject Finding(Found found) => new()
    {
        ["kind"] = found.Kind,
        ["severity"] = Word(found.Severity),
        ["says"] = found.Says.Length > 4 * LongestText ? found.Says[..(4 * LongestText)] : found.Says,
        ["mend"] = new JsonArray([.. found.Mends.Select(Mended)]),
    };

    private static JsonObject Mended(Mend mend)
    {
        var json = new JsonObject { ["by"] = mend.ByAgent ? "agent" : "human", ["do"] = mend.Do };
        if (mend.Operation is { } operation)
            json["operation"] = operation;
        if (mend.Command is { } command)
            json["command"] = command;
        return json;
    }

    private static JsonObject Target(ConnectionTarget target) => new()
    {
        ["hosts"] = new JsonArray([.. target.Endpoints.Take(Diagnosing.MostEndpoints).Select(endpoint => JsonValue.Create(Short(endpoint.ToString())))]),
        ["hosts_in_all"] = target.Endpoints.Count,
        ["database"] = Short(target.Database),
        ["user"] = Short(target.User),
        ["tls"] = string.Join(", ", target.Endpoints.Take(Diagnosing.MostEndpoints).Select(target.TlsTo).Distinct().Select(ConnectionTarget.Word)),
    };

    private static JsonObject Endpoint(EndpointSight sight, TriedLogin? login)
    {
        var json = new JsonObject
        {
            ["endpoint"] = Short(sight.Endpoint.ToString()),
            ["addresses"] = new JsonArray([.. sight.Addresses.Select(address => JsonValue.Create(address.ToString()))]),
            ["reached"] = sight.Reached switch
            {
                Reached.HostUnknown => "host unknown",
                Reached.Refused => "refused",
                Reached.TimedOut => "timed out",
                Reached.Unreachable => "unreachable",
                Reached.NotPostgres => "not postgresql",
                Reached.Postgres => "postgresql",
            },
            ["offers_tls"] = sight.OffersTls,
            ["login"] = login switch { TriedLogin.LetIn => "let in", TriedLogin.Fault => "refused", _ => "not tried" },
        };
        if (sight.Certificate is { } certificate)
            json["certificate"] = new JsonObject { ["key"] = certificate.Key, ["valid_until"] = Text(certificate.NotAfter), ["trusted"] = certificate.Trusted, ["names_this_host"] = certificate.Named };
        if (login is TriedLogin.LetIn { Identity: { } identity } letIn)
            json["server"] = Server(identity, letIn.Role);
        return json;
    }

    private static JsonObject Server(ServerIdentity identity, OwnRole? role)
    {
        var facts = identity.Facts;
        var json = new JsonObject
        {
            ["version"] = Short(facts.Version),
            ["system_identifier"] = facts.SystemIdentifier,
            ["database"] = Short(facts.Database),
            ["address"] = facts.Address ?? "local",
            ["encrypted"] = identity.TlsKey is not null,
            ["standby"] = facts.Standby,
            ["environment_markers"] = new JsonArray([.. facts.Markers.Take(8).Select(marker => JsonValue.Create(marker))]),
        };
        if (role is not null)
        {
            json["superuser"] = role.Superuser;
            json["only_reads"] = role.ReadOnly;
            json["attributes"] = new JsonArray([.. role.Attributes.Select(attribute => JsonValue.Create(attribute))]);
            json["valid_until"] = role.ValidUntil is { } until ? Text(until) : null;
            json["connections"] = new JsonObject { ["of_role"] = role.Sessions, ["role_limit"] = role.Limit, ["database_limit"] = role.DatabaseLimit, ["server_limit"] = role.ServerLimit };
        }

        return json;
    }

    private static string Short(string text) => text.Length > LongestText ? text[..LongestText] : text;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static int Bytes(JsonObject answer) => Encoding.UTF8.GetByteCount(answer.ToJsonString());
}
