using Microsoft.Extensions.Logging;
using SafeTools.Server.Cli;
using SafeTools.Server.Serving;

namespace SafeTools.Tests.Support;

/// <summary>A server's runtime on files of its own, with the scripted provider in place of infrastructure. No policy is accepted: reads come from the files.</summary>
internal sealed class ServedGround : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-").FullName;

    public SampleProvider Provider { get; } = new();

    public FakeClock Clock { get; } = new(Sample.Now);

    public Runtime Runtime { get; private set; } = null!;

    public StringWriter Output { get; } = new();

    public StringWriter Errors { get; } = new();

    public Policy Policy => Runtime.Files!;

    public static async Task<ServedGround> Open()
    {
        var ground = new ServedGround();
        ground.Write("safetools.yaml", """
            resources:
              box: { provider: sample, environment: staging, place: here, key: secret://env/BOX_KEY }
              shed: { provider: sample, environment: production, place: there }
            principals:
              local: { grants: ["read:*@staging", "read:*@production"] }
            """);
        ground.Write("tool-specs/look.yaml", Spec("look", "box", "staging", "sample.look"));
        ground.Write("tool-specs/ask.yaml", Spec("ask", "box", "staging", "sample.statement") + "statement: what is in it\n");
        ground.Write("tool-specs/peek.yaml", Spec("peek", "shed", "production", "sample.look"));
        await ground.Reopen();
        return ground;
    }

    public void Write(string file, string text)
    {
        var path = Path.Combine(_folder, "workspace", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A new process on the files as they are now.</summary>
    public async Task Reopen()
    {
        await (Runtime?.DisposeAsync() ?? default);
        Runtime = await Runtime.Open(new Locations(Path.Combine(_folder, "workspace", "safetools.yaml"), Path.Combine(_folder, "state")), Clock, [Provider], (_, _) => { }, CancellationToken.None);
        Runtime.FileProblems.Should().BeEmpty();
    }

    public Terminal Terminal(bool json = false) => new(Output, Errors, json, colour: false, interactive: false);

    /// <summary>What the resource <c>box</c> proves from now on; the other has nothing to prove.</summary>
    public void Proves(Func<Attestation> proof) => Provider.OnAttest = resource => Task.FromResult(resource.Name == "box" ? proof() : null);

    public Attestation Proof(params Finding[] findings) => new()
    {
        Taken = Clock.Now,
        Findings = findings,
        Facts = [new Fact("serial number", new FactValue.Text("S:\"1\""), FactSource.Provider), new Fact("user", new FactValue.Text("agent"), FactSource.Provider)],
        Environment = new EnvironmentEvidence(["staging"], "its label"),
    };

    public Attestation Unreachable() => new() { Taken = Clock.Now, Unreachable = RefusalCatalog.ResourceUnavailable.Because("Nobody answers.") };

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Spec(string tool, string resource, string environment, string operation) => $"""
        tool: {tool}
        title: A tool
        description: For tests.
        operation: {operation}
        resource: {resource}
        environment: {environment}
        effect: read

        """;
}

/// <summary>Keeps what was logged, as people read it.</summary>
internal sealed class KeptLog<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }
    }
}
