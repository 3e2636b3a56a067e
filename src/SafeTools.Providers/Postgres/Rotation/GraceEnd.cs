using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The end of a grace: the slot that the application does not use any more is retired. It looks first whether that is so: an application that still reads
/// it from its secret, or a newer credential that does not get in, keeps it alive.
/// </summary>
internal sealed class GraceEnd(RotationGround ground, RotationSettling settling)
{
    /// <summary>How often a grace that could not end is looked at again, at the least and at the most.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How long one process has to end it before another one may try.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    private readonly string _me = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public IReadOnlyList<Obligation> Owed() => ground.Memory.Read().Current is { IsSettled: true, Due: { } due } record
        ? [new Obligation(record.Undo ?? record.Action, due, record.Single
            ? $"Forgets the earlier password of the service {record.Service}."
            : $"Retires slot {record.Retiring.Slot} of the service {record.Service} and ends its sessions.")]
        : [];

    public async Task<Execution> Fulfil(string action, CancellationToken cancellationToken)
    {
        if (Lease(action) is not { } record)
            return new Execution.Failed(RefusalCatalog.RotationUnderWay.Because("The grace is not due, is over, or another process is ending it."));
        try
        {
            return record.Single ? End(record, 0) : await Retire(record, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault))
        {
            return Wait(record, RotationFault.Of(fault));
        }
    }

    private async Task<Execution> Retire(RotationRecord record, CancellationToken cancellationToken)
    {
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return Wait(record, why!);
        await using var _ = session.ConfigureAwait(false);
        var (view, blind) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        if (view is null)
            return Wait(record, blind!);
        if (view.Server != record.Server)
            return Wait(record, RefusalCatalog.NotThePinnedServer.Because("The rotating role is led to another server or database than when the grace began."));
        if (view.Of(record.Retiring) is not { } retiring)
            return Wait(record, view.No(RefusalCatalog.RotationSlotMissing, $"Slot {record.Retiring.Slot} is not what it was."));
        if (!retiring.LetsIn && retiring.Version > record.Retiring.Version)
            // An earlier try came this far, or a human did it.
            return End(record, await session.EndSessions(retiring.Name, cancellationToken).ConfigureAwait(false));
        if (retiring.Version != record.Retiring.Version || retiring.ChangedByOthers)
            return Wait(record, view.No(RefusalCatalog.RotatedByOthers, $"Slot {retiring.Name} was changed by others since, so it is not ours to retire."));
        if (!SinkText.Same(view.Sink, record.Kept))
            return Wait(record, view.No(RefusalCatalog.RotationSinkUnfit, $"Somebody changed the application's secret since, so slot {retiring.Name} is kept."));
        if (retiring.Sessions > 0 && ground.Now < record.Last)
            return Wait(record, view.No(RefusalCatalog.RotationInGrace, $"Slot {retiring.Name} still has {retiring.Sessions} sessions; they are ended at {RotationView.Time(record.Last.Value)} at the latest."));
        var keeping = record.Phase == RotationPhase.Undone ? record.From : record.To;
        if (await ground.Prove(record.Kept, session, keeping, retiring.OwnerRole, cancellationToken).ConfigureAwait(false) is { } useless)
            return Wait(record, view.No(useless.Code, $"What the application's secret holds does not get in, so slot {retiring.Name} is kept. {useless.Message}"));
        await session.Retire(retiring.Name, retiring.Version, cancellationToken).ConfigureAwait(false);
        return End(record, await session.EndSessions(retiring.Name, cancellationToken).ConfigureAwait(false));
    }

    private RotationRecord? Lease(string action)
    {
        var now = ground.Now;
        return ground.Memory.Change<RotationRecord?>(journal =>
        {
            if (journal.Current is not { IsSettled: true } current || (current.Undo ?? current.Action) != action || current.Due > now || (current.Lease?.Until > now && current.Lease?.Who != _me))
                return ((Journal?)null, (RotationRecord?)null);
            var leased = current with { Lease = (_me, now + LeaseTime) };
            return (journal.With(leased), leased);
        });
    }

    private Execution.Done End(RotationRecord record, long sessions)
    {
        var undo = record.Undo is { } id ? new PastAction(id, RotationAnswer.TakenBack(record, ground.Fingerprint(record.Earlier)), CanBeUndone: false) : null;
        ground.Memory.End(record.Undo ?? record.Action, [settling.Past(record), .. undo is null ? Array.Empty<PastAction>() : [undo]]);
        return new Execution.Done(record.Single
            ? new JsonObject { ["service"] = record.Service, ["forgotten"] = true }
            : new JsonObject { ["service"] = record.Service, ["retired_slot"] = record.Retiring.Slot, ["sessions_ended"] = sessions });
    }

    /// <summary>Nothing was changed; it is due again later, and when the longest time is over at that.</summary>
    private Execution.Failed Wait(RotationRecord record, Refusal why)
    {
        var now = ground.Now;
        var wait = ground.Settings.Grace / 8;
        wait = wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
        var next = now + wait;
        ground.Memory.Step(record.Undo ?? record.Action, current => current with { Due = record.Last is { } last && last > now && last < next ? last : next, Lease = null });
        return new Execution.Failed(why);
    }
}
