namespace SafeTools.Providers.Postgres;

/// <summary>One resource's rotations as they are served.</summary>
internal sealed class ServedRotation
{
    private readonly RotationGround _ground;
    private readonly RotationSettling _settling;
    private readonly RotateCredential _rotate;
    private readonly UndoRotation _undo;
    private readonly GraceEnd _graces;

    private ServedRotation(Resource resource, RotationSettings settings, ISecrets secrets, TimeProvider clock, Func<ServerFacts, EnvironmentEvidence> evidence)
    {
        _ground = new RotationGround(resource, settings, secrets, clock);
        _settling = new RotationSettling(_ground);
        _rotate = new RotateCredential(_ground, _settling, evidence);
        _undo = new UndoRotation(_ground, _settling, evidence);
        _graces = new GraceEnd(_ground, _settling);
    }

    public static Refusal NotSetUp(Resource resource) => RefusalCatalog.RotationNotSetUp.Because($"The resource '{resource.Name}' does not say which application's password could be rotated.");

    /// <summary>Null where the resource does not say how.</summary>
    public static ServedRotation? Of(Resource resource, ISecrets secrets, TimeProvider clock, Func<ServerFacts, EnvironmentEvidence> evidence) =>
        RotationSettings.Of(resource) is { } settings ? new ServedRotation(resource, settings, secrets, clock, evidence) : null;

    /// <summary>What speaks against the rotating role.</summary>
    public Task<IReadOnlyList<Finding>> Prove(CancellationToken cancellationToken) => _ground.Rotator.Prove(cancellationToken);

    public async Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.Operation == PostgresOperations.UndoRotation
                ? await _undo.Preview(request.Arguments.Text(PostgresOperations.Rotation), cancellationToken).ConfigureAwait(false)
                : await _rotate.Preview(cancellationToken).ConfigureAwait(false);
        }
        catch (SecretsException)
        {
            return NoStore;
        }
    }

    public async Task<Execution> Execute(Ticket ticket, CancellationToken cancellationToken)
    {
        try
        {
            return ticket.Request.Operation == PostgresOperations.UndoRotation
                ? await _undo.Execute(ticket, ticket.Request.Arguments.Text(PostgresOperations.Rotation), cancellationToken).ConfigureAwait(false)
                : await _rotate.Execute(ticket, cancellationToken).ConfigureAwait(false);
        }
        catch (SecretsException)
        {
            // Whatever was begun is in the record, and whoever asks next finishes it or takes it back.
            return RotationSettling.CannotTell(NoStore.Message);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return RotationSettling.CannotTell(RotationFault.Of(fault).Message);
        }
    }

    public async Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken)
    {
        try
        {
            return await _settling.Settle(ticket.ActionId, cancellationToken).ConfigureAwait(false);
        }
        catch (SecretsException)
        {
            return RotationSettling.CannotTell(NoStore.Message);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return RotationSettling.CannotTell(RotationFault.Of(fault).Message);
        }
    }

    public IReadOnlyList<Obligation> Owed() => _graces.Owed();

    public Task<Execution> Fulfil(string action, CancellationToken cancellationToken) => _graces.Fulfil(action, cancellationToken);

    private static Refusal NoStore => RefusalCatalog.ResourceUnavailable.Because("What SafeTools remembers of rotations cannot be read or written at the moment.");
}
