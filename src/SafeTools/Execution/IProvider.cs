namespace SafeTools;

/// <summary>
/// The port to one kind of infrastructure. A provider looks, acts on a ticket, and can say afterwards whether it acted;
/// it never decides. Every method refuses with values; an exception means an outage, and its text never reaches the agent.
/// </summary>
public interface IProvider
{
    /// <summary>As resources name it; the first part of every operation's name.</summary>
    string Name { get; }

    /// <summary>The keys a resource of this provider has besides <c>provider</c> and <c>environment</c>.</summary>
    IReadOnlyList<Setting> ResourceSettings { get; }

    IReadOnlyList<Operation> Operations { get; }

    /// <summary>Faults of a resource that its declared settings cannot express. Touches no infrastructure.</summary>
    IEnumerable<string> Check(Resource resource);

    /// <summary>Faults of one tool's settings and parameters (a statement that is not one). Touches no infrastructure.</summary>
    IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters);

    /// <summary>
    /// Proves on the live system who it is and that the resource's credential can do no more than its tools promise. Changes nothing.
    /// Null where the resource has no credential to prove. What it finds holds for the tools from then on.
    /// </summary>
    Task<Attestation?> Attest(Resource resource, CancellationToken cancellationToken) => Task.FromResult<Attestation?>(null);

    /// <summary>
    /// Why the infrastructure would not carry out one tool as its spec has it (a statement that it does not understand, or that does not only read);
    /// null where nothing speaks against it. Changes nothing. Asked before a policy is accepted.
    /// </summary>
    Task<Refusal?> Analyse(OperationRequest request, CancellationToken cancellationToken) => Task.FromResult<Refusal?>(null);

    /// <summary>Resolves the item and what is known about it. Changes nothing, for reads and writes alike.</summary>
    Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken);

    /// <summary>Acts. Checks the ticket's fingerprint against the item as late as the infrastructure allows.</summary>
    Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken);

    /// <summary>
    /// Whether an execution whose result was lost happened: <see cref="Execution.Done"/>, <see cref="Execution.Failed"/> (it did not),
    /// or <see cref="Execution.Unknown"/> where the infrastructure cannot tell. Looks only at evidence that names the action.
    /// Where the provider's own record shows that the action is half done, it finishes it or takes it back, whichever harms nobody; it begins nothing.
    /// </summary>
    Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken);

    /// <summary>
    /// What is still to come of earlier executions on this resource, due or not. Cheap: it is asked every few seconds and touches no infrastructure.
    /// </summary>
    IReadOnlyList<Obligation> Owed(Resource resource) => [];

    /// <summary>
    /// Does what is due, once over all processes. Looks first whether it would still do only what was agreed to; where it would harm (an application
    /// still uses what would end), it fails, changes nothing, and says when it is due instead by what <see cref="Owed"/> answers from then on.
    /// </summary>
    Task<Execution> Fulfil(Resource resource, Obligation obligation, CancellationToken cancellationToken) =>
        Task.FromResult<Execution>(new Execution.Failed(RefusalCatalog.NotSupportedHere.Because("Nothing is owed.")));
}
