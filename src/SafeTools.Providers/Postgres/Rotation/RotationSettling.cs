using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Finishes or takes back what a record shows half done. What it does, it decides by what the application's secret and the server say, never by the record
/// alone: while the secret names the earlier slot, taking back harms nobody; once it names the later one, only finishing does not.
/// </summary>
internal sealed class RotationSettling(RotationGround ground)
{
    /// <summary>Whether anything is remembered of the action.</summary>
    public bool Knows(string action)
    {
        var journal = ground.Memory.Read();
        return journal.PastOf(action) is not null || journal.Current?.Action == action || journal.Current?.Undo == action;
    }

    /// <summary>What came of an action; finishes it or takes it back first, where it is half done.</summary>
    public async Task<Execution> Settle(string action, CancellationToken cancellationToken)
    {
        var journal = ground.Memory.Read();
        if (journal.PastOf(action) is { } past)
            return past.Data is null ? TakenBack("It was taken back, or was never done.") : past.CanBeUndone ? RotationAnswer.Done(past.Data, action) : new Execution.Done(past.Data);
        return journal.Current switch
        {
            { } record when record.Action == action && record.Phase is RotationPhase.Begun or RotationPhase.Proved => await Resume(record, cancellationToken).ConfigureAwait(false),
            { } record when record.Action == action => Answer(record),
            { Phase: RotationPhase.Undoing } record when record.Undo == action => await ResumeUndo(record, cancellationToken).ConfigureAwait(false),
            { } record when record.Undo == action => new Execution.Done(RotationAnswer.TakenBack(record, ground.Fingerprint(record.Earlier))),
            _ => new Execution.Failed(RefusalCatalog.NoSuchItem.Because("The action left no trace here: it did not happen.")),
        };
    }

    /// <summary>The application's secret has the later value, and it was proved.</summary>
    public Execution Finish(RotationRecord record)
    {
        var now = ground.Now;
        var done = record with { Phase = RotationPhase.Done, At = now, Due = now + ground.Settings.Grace, Last = now + ground.Settings.Grace + ground.Settings.Grace };
        ground.Memory.Step(record.Action, _ => done);
        return Answer(done);
    }

    /// <summary>The application's secret has the earlier value again.</summary>
    public Execution FinishUndo(RotationRecord record)
    {
        var now = ground.Now;
        var undone = record with { Phase = RotationPhase.Undone, At = now, Due = now + ground.Settings.Grace, Last = now + ground.Settings.Grace + ground.Settings.Grace };
        var data = RotationAnswer.TakenBack(undone, ground.Fingerprint(record.Earlier));
        if (record.Single)
            // The later password is gone from the server with the same step, so there is no grace to wait for.
            ground.Memory.End(record.Undo!, Past(record), new PastAction(record.Undo!, data, CanBeUndone: false));
        else
            ground.Memory.Step(record.Undo!, _ => undone);
        return new Execution.Done(data);
    }

    /// <summary>What remains of a rotation that was done.</summary>
    public PastAction Past(RotationRecord record) => new(record.Action, RotationAnswer.Rotated(record, ground.Fingerprint(record.Later)), CanBeUndone: true);

    /// <summary>
    /// The application's secret still has the earlier value, so what the server has of the later one goes. Whatever of ours is still on its way to the server
    /// comes too late then, for the version grows.
    /// </summary>
    public async Task<Execution> TakeBack(RotationRecord record, RotatorSession session, Refusal why, CancellationToken cancellationToken)
    {
        var slots = await session.State(cancellationToken).ConfigureAwait(false);
        var left = record.Single ? await SetAgain(record, slots, session, cancellationToken).ConfigureAwait(false) : await Retire(record, slots, session, cancellationToken).ConfigureAwait(false);
        if (left is null)
            return CannotTell($"{why.Message} It could not be taken back either: {ScramWords}");
        ground.Memory.End(record.Action, new PastAction(record.Action, null, CanBeUndone: true));
        return new Execution.Failed(RefusalCatalog.RotationTakenBack.Because($"{why.Message} {left}"));
    }

    private const string ScramWords = "the earlier password holds characters whose verifier SafeTools does not compute.";

    /// <summary>Ends the later slot. Says what both sides have then.</summary>
    private async Task<string> Retire(RotationRecord record, IReadOnlyList<SlotState> slots, RotatorSession session, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < 2 && Slot(slots, record.To) is { } to && (to.Digest == record.Digest || to.Version == record.To.Version - 1); turn++)
        {
            try
            {
                await session.Retire(to.Name, to.Version, cancellationToken).ConfigureAwait(false);
                await session.EndSessions(to.Name, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (PostgresException fault) when (fault.SqlState == RotationFault.AnotherVersion)
            {
                slots = await session.State(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException fault) when (RotationFault.IsAnswer(fault))
            {
                // It was changed by others, or is the only one that lets in: then it is not ours to end. A human reads what is said below.
                break;
            }
        }

        return await Both(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the only slot its earlier password again. Null where that cannot be.</summary>
    private async Task<string?> SetAgain(RotationRecord record, IReadOnlyList<SlotState> slots, RotatorSession session, CancellationToken cancellationToken)
    {
        if (Slot(slots, record.To) is { } to && to.Digest == record.Digest)
        {
            if (ConnectionText.Parse(record.Earlier, out _)?.Password is not { } password || !ScramVerifier.Suits(password))
                return null;
            await session.SetVerifier(to.Name, to.Version, ScramVerifier.Of(password), ground.Now + RotationSettings.LongestValidity, cancellationToken).ConfigureAwait(false);
        }

        return await Both(session, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Execution> Resume(RotationRecord record, CancellationToken cancellationToken)
    {
        if (ground.ReadSink() is not SecretRead.Found { Secret: var sink })
            return CannotTell($"The application's secret cannot be read, so nobody knows which slot it names. {((SecretRead.Missing)ground.ReadSink()).Why.Message}");
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return CannotTell($"The server cannot be asked which slots can be used. {why!.Message}");
        await using var _ = session.ConfigureAwait(false);
        if (session.Server != record.Server)
            return CannotTell("The rotating role is led to another server or database than when the rotation began.");
        var slots = await session.State(cancellationToken).ConfigureAwait(false);
        var to = Slot(slots, record.To);
        if (SinkText.Same(sink, record.Later))
        {
            return to is null || to.Digest != record.Digest || to.ChangedByOthers
                ? CannotTell($"The application's secret has the new value, but the server does not have it any more. {await Both(session, cancellationToken).ConfigureAwait(false)}")
                : await ground.Prove(record.Later, session, record.To, to.OwnerRole, cancellationToken).ConfigureAwait(false) is { } unproved
                    ? CannotTell($"The application's secret has the new value, but it does not get in. {unproved.Message}")
                    : Finish(record);
        }

        if (record.Single)
            return await Forward(record, sink, to, session, cancellationToken).ConfigureAwait(false);
        // Somebody may have written the new slot's name in another way; then it is not ours to end.
        return User(sink) == record.To.Role
            ? CannotTell($"The application's secret names slot {record.To.Slot}, but not with the value that was to be written. {await Both(session, cancellationToken).ConfigureAwait(false)}")
            : await TakeBack(record, session, RefusalCatalog.RotationTakenBack.Because("It was interrupted before the application's secret was written."), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With a single slot, an application is locked out between the server's change and the secret's, so the way out is the short one: go on.</summary>
    private async Task<Execution> Forward(RotationRecord record, Secret sink, SlotState? to, RotatorSession session, CancellationToken cancellationToken)
    {
        if (to is null || !SinkText.Same(sink, record.Earlier))
            return CannotTell($"The application's secret has neither the earlier nor the new value. {await Both(session, cancellationToken).ConfigureAwait(false)}");
        if (to.Digest != record.Digest)
        {
            try
            {
                await session.SetVerifier(record.To.Slot, record.To.Version - 1, record.Verifier, record.ValidUntil, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException fault) when (RotationFault.IsAnswer(fault))
            {
                var slots = await session.State(cancellationToken).ConfigureAwait(false);
                if (Slot(slots, record.To)?.Digest != record.Digest)
                {
                    ground.Memory.End(record.Action, new PastAction(record.Action, null, CanBeUndone: true));
                    return new Execution.Failed(RefusalCatalog.RotationTakenBack.Because($"{RotationFault.Of(fault).Message} {await Both(session, cancellationToken).ConfigureAwait(false)}"));
                }
            }
        }

        if (await ground.Prove(record.Later, session, record.To, to.OwnerRole, cancellationToken).ConfigureAwait(false) is { } unproved)
            return await TakeBack(record, session, unproved, cancellationToken).ConfigureAwait(false);
        return ground.WriteSink(record.Later) is { } unwritten ? await TakeBack(record, session, unwritten, cancellationToken).ConfigureAwait(false) : Finish(record);
    }

    private async Task<Execution> ResumeUndo(RotationRecord record, CancellationToken cancellationToken)
    {
        if (ground.ReadSink() is not SecretRead.Found { Secret: var sink })
            return CannotTell($"The application's secret cannot be read, so nobody knows which slot it names. {((SecretRead.Missing)ground.ReadSink()).Why.Message}");
        if (SinkText.Same(sink, record.Earlier) && !record.Single)
            return FinishUndo(record);
        if (record.Single)
        {
            var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
            if (session is null)
                return CannotTell($"The server cannot be asked which password it has. {why!.Message}");
            await using var _ = session.ConfigureAwait(false);
            return await SetEarlier(record, session, cancellationToken).ConfigureAwait(false);
        }

        return DropUndo(record, "It was interrupted before the application's secret was written.");
    }

    /// <summary>A single slot's way back: the earlier password's verifier, then the earlier value.</summary>
    public async Task<Execution> SetEarlier(RotationRecord record, RotatorSession session, CancellationToken cancellationToken)
    {
        var slots = await session.State(cancellationToken).ConfigureAwait(false);
        if (await SetAgain(record, slots, session, cancellationToken).ConfigureAwait(false) is null || Slot(slots, record.From) is not { } from)
            return DropUndo(record, $"The server cannot be given the earlier password: {ScramWords}");
        if (await ground.Prove(record.Earlier, session, record.From, from.OwnerRole, cancellationToken).ConfigureAwait(false) is { } unproved)
            return CannotTell($"The earlier value does not get in. {unproved.Message}");
        return ground.WriteSink(record.Earlier) is { } unwritten
            ? CannotTell($"The server has the earlier password again, but the application's secret could not be written. {unwritten.Message}")
            : FinishUndo(record);
    }

    /// <summary>The rotation stands as before, and its grace goes on.</summary>
    public Execution DropUndo(RotationRecord record, string why)
    {
        ground.Memory.Change(journal => journal.Current is { } current && current.Undo == record.Undo
            ? (journal.With(current with { Phase = RotationPhase.Done, Undo = null }).Noting(new PastAction(record.Undo!, null, CanBeUndone: false)), true)
            : ((Journal?)null, false));
        return TakenBack(why);
    }

    public static Execution CannotTell(string why) => new Execution.Unknown(RefusalCatalog.OutcomeUnknown.Because(why));

    private Execution.Done Answer(RotationRecord record) => RotationAnswer.Done(RotationAnswer.Rotated(record, ground.Fingerprint(record.Later)), record.Action);

    private async Task<string> Both(RotatorSession session, CancellationToken cancellationToken)
    {
        var (view, why) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        return view?.BothSides() ?? why!.Message;
    }

    private static Execution.Failed TakenBack(string why) => new Execution.Failed(RefusalCatalog.RotationTakenBack.Because(why));

    private static string? User(Secret sink) => ConnectionText.Parse(sink, out _)?.User;

    private static SlotState? Slot(IReadOnlyList<SlotState> slots, SlotVersion slot) => slots.FirstOrDefault(one => one.Name == slot.Slot && one.Role == slot.Role);
}
