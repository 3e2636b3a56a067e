namespace SafeTools;

/// <summary>
/// Calls providers so that whatever they throw becomes a refusal in our own words; the exception goes to the log alone.
/// A preview, a read or a probe may take three times as long as the tool's time limit at most, so that a hanging provider hangs nobody;
/// a change that takes longer is waited for no more (<see cref="Pipeline"/>), but nobody interrupts it.
/// </summary>
internal sealed class ProviderCalls(IReadOnlyList<IProvider> providers, System.Action<Exception, string> log)
{
    public IReadOnlyList<IProvider> All => providers;

    /// <summary>For people who run the server; never for an agent.</summary>
    public void Log(Exception fault, string what) => log(fault, what);

    /// <summary>Null where there is nothing to prove.</summary>
    public async Task<Attestation?> Attest(Resource resource, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(resource).Attest(resource, cancellationToken).WaitAsync(AttestationPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            log(fault, $"attestation of {resource.Name}");
            return new Attestation { Taken = now, Unreachable = RefusalCatalog.ResourceUnavailable.Because($"The resource '{resource.Name}' could not be looked at.") };
        }
    }

    public async Task<Refusal?> Analyse(OperationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(request.Resource).Analyse(request, cancellationToken).WaitAsync(Patience(request), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            log(fault, $"analysis of {request.Operation.Name}");
            return RefusalCatalog.ResourceUnavailable.Because($"The resource '{request.Resource.Name}' could not be looked at.");
        }
    }

    public async Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(request).Preview(request, cancellationToken).WaitAsync(Patience(request), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            log(fault, $"preview of {request.Operation.Name}");
            return RefusalCatalog.ResourceUnavailable.Because($"The resource '{request.Resource.Name}' could not be looked at.");
        }
    }

    /// <summary>An exception after the start means that nobody knows how far it came, except for reads, which change nothing.</summary>
    /// <param name="read">Ruled to be a read; the operation's floor does not tell, since a spec or a preview may raise it.</param>
    public async Task<Execution> Execute(Ticket ticket, bool read, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            var execution = Of(ticket.Request).Execute(ticket, progress, cancellationToken);
            return await (read ? execution.WaitAsync(Patience(ticket.Request), cancellationToken) : execution).ConfigureAwait(false);
        }
        catch (Exception fault) when (!read || fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            log(fault, $"execution of {ticket.Request.Operation.Name}");
            return read
                ? new Execution.Failed(RefusalCatalog.ResourceUnavailable.Because($"The resource '{ticket.Request.Resource.Name}' did not answer."))
                : new Execution.Unknown(RefusalCatalog.OutcomeUnknown.Because("The execution was interrupted; it may or may not have happened."));
        }
    }

    public async Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken)
    {
        try
        {
            return await Of(ticket.Request).Probe(ticket, cancellationToken).WaitAsync(Patience(ticket.Request), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            log(fault, $"probe of {ticket.Request.Operation.Name}");
            return new Execution.Unknown(RefusalCatalog.OutcomeUnknown.Because("Whether it happened could not be found out."));
        }
    }

    public IReadOnlyList<Obligation> Owed(Resource resource)
    {
        try
        {
            return Of(resource).Owed(resource);
        }
        catch (Exception fault)
        {
            log(fault, $"what is owed of {resource.Name}");
            return [];
        }
    }

    public async Task<Execution> Fulfil(Resource resource, Obligation owed)
    {
        try
        {
            return await Of(resource).Fulfil(resource, owed, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            log(fault, $"what is owed of {owed.ActionId}");
            return new Execution.Unknown(RefusalCatalog.OutcomeUnknown.Because("It was interrupted; it is looked at again later."));
        }
    }

    private static readonly TimeSpan AttestationPatience = TimeSpan.FromSeconds(60);

    /// <summary>A provider keeps to the tool's time limit itself; this is for one that does not.</summary>
    public static TimeSpan Patience(OperationRequest request) => request.Limits.Time * 3;

    private IProvider Of(OperationRequest request) => Of(request.Resource);

    private IProvider Of(Resource resource) => providers.Single(provider => provider.Name == resource.Provider);
}
