namespace SafeTools.Providers.Postgres;

/// <summary>What all that is done about one resource's rotations stands on.</summary>
internal sealed class RotationGround(Resource resource, RotationSettings settings, ISecrets secrets, TimeProvider clock)
{
    public RotationSettings Settings => settings;

    public Memory Memory { get; } = new(secrets, resource.Name);

    public RotatorSource Rotator { get; } = new(resource, settings, secrets, clock);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What the application's secret holds now.</summary>
    public SecretRead ReadSink() => secrets.Read(settings.Application);

    public Refusal? WriteSink(Secret value) => secrets.Write(settings.Application, value);

    public string Fingerprint(Secret value) => secrets.Fingerprint(value);

    /// <summary>Everything at once.</summary>
    /// <exception cref="SecretsException">The record cannot be read.</exception>
    public async Task<(RotationView? View, Refusal? Why)> Look(RotatorSession session, CancellationToken cancellationToken)
    {
        IReadOnlyList<SlotState> slots;
        try
        {
            slots = await session.State(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) && !cancellationToken.IsCancellationRequested)
        {
            return (null, RotationFault.Of(fault));
        }

        return ReadSink() is SecretRead.Found sink
            ? (new RotationView(settings, session.Facts, slots, sink.Secret, Fingerprint(sink.Secret), Memory.Read(), Now), null)
            : (null, ((SecretRead.Missing)ReadSink()).Why);
    }

    /// <summary>Null: whoever logs in with it at the application's address is who it must be, where it must be.</summary>
    public Task<Refusal?> Prove(Secret sink, RotatorSession server, SlotVersion slot, string ownerRole, CancellationToken cancellationToken) =>
        Login.Prove(resource, sink, server.Facts, slot, ownerRole, clock, cancellationToken);
}
