namespace SafeTools.Tests.Contracts;

/// <summary>One credential that an application uses and that a provider rotates, on real infrastructure, for <see cref="CredentialContract"/>.</summary>
internal abstract class RotatedCredential : IAsyncDisposable
{
    private int _actions;

    /// <summary>The provider as it is served now.</summary>
    public abstract IProvider Provider { get; }

    public abstract Resource Resource { get; }

    /// <summary>What the provider was given; breaks where a test says so.</summary>
    public abstract FaultySecrets Secrets { get; }

    /// <summary>The operation that rotates.</summary>
    public abstract string Operation { get; }

    public abstract TimeSpan Grace { get; }

    /// <summary>What the application finds where it looks for its credential.</summary>
    public abstract string Sink { get; set; }

    /// <summary>Files in which nothing secret may stand.</summary>
    public abstract IReadOnlyList<string> Folders { get; }

    /// <summary>Values besides the sink's that nobody may see.</summary>
    public abstract IReadOnlyList<string> NeverShown { get; }

    /// <summary>The part of a value of the sink that is secret.</summary>
    public abstract string SecretPart(string sink);

    /// <summary>Whether an application that holds the value can work.</summary>
    public abstract Task<bool> Works(string value);

    public abstract void Advance(TimeSpan time);

    /// <summary>Another process on the same state: nothing in memory.</summary>
    public abstract IProvider Restart();

    public abstract DateTimeOffset Now { get; }

    public OperationRequest Rotation => Request(Operation, SafeTools.Arguments.None);

    public OperationRequest Undo(Execution.Done done) => Request(done.Undo!.Operation, done.Undo.Arguments);

    public async Task<Ticket> Ticket(OperationRequest request) => TicketOf(
        request, (await Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview.Fingerprint);

    public Ticket TicketOf(OperationRequest request, IReadOnlyDictionary<string, string> fingerprint) => new($"act-{Interlocked.Increment(ref _actions)}", request, fingerprint);

    public Task<Execution> Execute(Ticket ticket) => Provider.Execute(ticket, new Progress<ProviderProgress>(), CancellationToken.None);

    public Task<Execution> Probe(Ticket ticket) => Provider.Probe(ticket, CancellationToken.None);

    /// <summary>Looks and acts, as the pipeline does.</summary>
    public async Task<Execution> Call(OperationRequest request) => await Provider.Preview(request, CancellationToken.None) switch
    {
        Previewed.Seen seen => await Execute(TicketOf(request, seen.Preview.Fingerprint)),
        Previewed.Refused refused => new Execution.Failed(refused.Refusal),
        _ => throw new NotSupportedException(),
    };

    public async Task<Execution.Done> Rotate() => Done(await Call(Rotation));

    public async Task<Refusal> Refused(OperationRequest request) => (await Call(request)).Should().BeOfType<Execution.Failed>().Subject.Why;

    public static Execution.Done Done(Execution execution) => execution.Should().BeOfType<Execution.Done>(Said(execution)).Subject;

    /// <summary>What it says, for whoever reads a test's failure.</summary>
    public static string Said(Execution execution) => execution switch
    {
        Execution.Failed failed => failed.Why.ToString(),
        Execution.Unknown unknown => unknown.Why.ToString(),
        _ => "",
    };

    /// <summary>Lets time pass, and does what is due then.</summary>
    public async Task<IReadOnlyList<Execution>> Pass(TimeSpan time)
    {
        Advance(time);
        var ends = new List<Execution>();
        foreach (var owed in Provider.Owed(Resource).Where(owed => owed.Due <= Now))
            ends.Add(await Provider.Fulfil(Resource, owed, CancellationToken.None));
        return ends;
    }

    public abstract ValueTask DisposeAsync();

    private OperationRequest Request(string operation, Arguments arguments)
    {
        var known = Provider.Operations.Single(one => one.Name == operation);
        return new OperationRequest(known, Resource, SettingValues.Empty, arguments, known.Limits);
    }
}
