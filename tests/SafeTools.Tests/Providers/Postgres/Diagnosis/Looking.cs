using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Server.Secrets;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>A resource with its credentials in files of its own, the real places of secrets, and a clock that a test moves.</summary>
internal sealed class Looking : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-diagnosis-").FullName;
    private readonly List<PostgresProvider> _providers = [];
    private int _tickets;

    public Looking(string? application, string? tools = null, string? rotator = null, string claim = "staging", Dictionary<string, string>? identity = null)
    {
        Clock = new FakeClock(TimeProvider.System.GetUtcNow());
        Secrets = new PlacedSecrets(State, Clock);
        Provider = NewProvider();
        var texts = new Dictionary<string, string> { ["connection"] = Put("tools", tools ?? "none") };
        if (application is not null)
            texts["application"] = Put("application", application);
        if (rotator is not null)
            (texts["rotator"], texts["service"]) = (Put("rotator", rotator), "shop");
        foreach (var (field, value) in identity ?? [])
            texts[$"identity.{field}"] = value;
        Resource = new Resource("shop", "postgres", claim, new SettingValues(texts));
    }

    public string State => Path.Combine(_folder, "state");

    public FakeClock Clock { get; }

    public ISecrets Secrets { get; }

    public PostgresProvider Provider { get; private set; }

    public Resource Resource { get; set; }

    /// <summary>Whatever was answered so far, as text.</summary>
    public List<string> Said { get; } = [];

    public static string Url(PostgresCluster cluster, string user, string password = DiagnosisGround.Password, string database = "shop", string parameters = "sslmode=disable", string? host = null) =>
        cluster.Url(user, password, database, parameters).Replace("127.0.0.1", host ?? "127.0.0.1", StringComparison.Ordinal);

    /// <summary>The reference to a file that holds the value.</summary>
    public string Put(string name, string value)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, value);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return $"secret://file{path}";
    }

    /// <summary>What a file holds; empty where there is none.</summary>
    public string Value(string name) => File.Exists(Path.Combine(_folder, name)) ? File.ReadAllText(Path.Combine(_folder, name)) : "";

    public void Remove(string name) => File.Delete(Path.Combine(_folder, name));

    /// <summary>As after the end of its process: what it remembers is in the state folder alone.</summary>
    public void Restart() => Provider = NewProvider();

    public async Task<Execution.Done> Look(string? credential = null, PostgresProvider? provider = null)
    {
        var operation = PostgresOperations.Diagnose;
        var arguments = credential is null ? SafeTools.Arguments.None : new Arguments(new Dictionary<string, JsonElement> { ["credential"] = JsonSerializer.SerializeToElement(credential) });
        var request = new OperationRequest(operation, Resource, SettingValues.Empty, arguments, operation.Limits);
        provider ??= Provider;
        var seen = (await provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;
        var done = (await provider.Execute(new Ticket($"act-{Interlocked.Increment(ref _tickets)}", request, seen.Fingerprint), new Progress<ProviderProgress>(), CancellationToken.None))
            .Should().BeOfType<Execution.Done>().Subject;
        lock (Said)
            Said.Add(done.Data.ToJsonString());
        return done;
    }

    /// <summary>Kinds of findings, in the order in which they are told.</summary>
    public async Task<IReadOnlyList<string>> Kinds(string? credential = null) => Kinds((await Look(credential)).Data);

    public static IReadOnlyList<string> Kinds(JsonObject answer) => [.. answer["findings"]!.AsArray().Select(found => found!["kind"]!.GetValue<string>())];

    public static JsonObject Finding(JsonObject answer, string kind) => answer["findings"]!.AsArray().Select(found => found!.AsObject()).Single(found => found["kind"]!.GetValue<string>() == kind);

    public PostgresProvider NewProvider()
    {
        _providers.Add(new PostgresProvider(Clock, new PlacedSecrets(State, Clock)));
        return _providers[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var text in Said)
        {
            foreach (var secret in new[] { DiagnosisGround.Password, Uri.EscapeDataString(DiagnosisGround.Password), "canary", "another-one" })
                text.Should().NotContain(secret);
        }

        foreach (var provider in _providers)
            await provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
