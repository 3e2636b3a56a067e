namespace SafeTools.Providers.Postgres;

/// <summary>
/// <c>postgres.undo_rotation</c>: the application's secret gets its earlier value again, which is proved first. The newer slot works for a grace more, for
/// whoever has read it by then, and is retired after that.
/// </summary>
internal sealed class UndoRotation(RotationGround ground, RotationSettling settling, Func<ServerFacts, EnvironmentEvidence> evidence)
{
    public async Task<Previewed> Preview(string rotation, CancellationToken cancellationToken)
    {
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return why!;
        await using var _ = session.ConfigureAwait(false);
        var (view, blind) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        return view is null ? blind! : view.AgainstUndoing(rotation) is { } refusal ? refusal : See(view, view.Journal.Current!);
    }

    public async Task<Execution> Execute(Ticket ticket, string rotation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (settling.Knows(ticket.ActionId))
            return await settling.Settle(ticket.ActionId, CancellationToken.None).ConfigureAwait(false);
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return Failed(why!);
        await using var _ = session.ConfigureAwait(false);
        var (view, blind) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        if (view is null)
            return Failed(blind!);
        if (view.AgainstUndoing(rotation) is { } refusal)
            return Failed(refusal);
        if (!view.Matches(ticket.Fingerprint))
            return Failed(RefusalCatalog.Stale.Because("The slots or the application's secret are not what was looked at."));
        var record = view.Journal.Current!;
        if (!record.Single && await ground.Prove(record.Earlier, session, record.From, view.Of(record.From)!.OwnerRole, cancellationToken).ConfigureAwait(false) is { } useless)
            return Failed(view.No(RefusalCatalog.RotationUndoTooLate, $"The earlier value does not get in any more. {useless.Message}"));

        var begun = record with { Phase = RotationPhase.Undoing, Undo = ticket.ActionId, At = ground.Now, Lease = null };
        if (!ground.Memory.Change(journal => journal.Current is { Phase: RotationPhase.Done, Undo: null } current && current.Action == rotation && !(current.Lease?.Until > ground.Now)
            ? (journal.With(begun), true)
            : ((Journal?)null, false)))
            return Failed(view.No(RefusalCatalog.RotationUnderWay, "Something else was done about this rotation just now."));
        try
        {
            return record.Single ? await settling.SetEarlier(begun, session, CancellationToken.None).ConfigureAwait(false) : WriteEarlier(begun);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault))
        {
            return await settling.Settle(ticket.ActionId, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Execution WriteEarlier(RotationRecord record) =>
        ground.WriteSink(record.Earlier) is { } unwritten ? settling.DropUndo(record, $"The application's secret could not be written. {unwritten.Message}")
        : ground.ReadSink() is SecretRead.Found { Secret: var written } && SinkText.Same(written, record.Earlier) ? settling.FinishUndo(record)
        : RotationSettling.CannotTell("The application's secret does not hold what was written to it.");

    private Preview See(RotationView view, RotationRecord record) => new()
    {
        Summary = record.Single
            ? $"Gives the application {view.Settings.Service} its earlier password again, on the server and in its secret."
            : $"Gives the secret of the application {view.Settings.Service} its earlier value again, of slot {record.From.Slot}. Slot {record.To.Slot} works until {RotationView.Time(view.GraceEnds)}, "
                + $"and while it still has sessions until {RotationView.Time(view.GraceEndsAtLatest)} at the latest; then it is retired and its sessions are ended.",
        Item = new Item("credential", view.ItemId, view.Settings.Service),
        Environment = evidence(view.Facts),
        Fingerprint = view.Fingerprint(),
        Facts =
        [
            new Fact("slot in use", new FactValue.Text(view.Held!.Name), FactSource.Provider),
            new Fact("slot to be used again", new FactValue.Text(record.From.Slot), FactSource.Provider),
            .. view.Slots.Select(slot => new Fact($"sessions of slot {slot.Name}", new FactValue.Count(slot.Sessions), FactSource.Provider)),
            new Fact("rotated", new FactValue.Instant(record.At), FactSource.Provider),
            new Fact("grace ends", new FactValue.Instant(view.GraceEnds), FactSource.Configuration),
        ],
        UndoNote = "It is not taken back; the credential can be rotated again when the grace has ended.",
    };

    private static Execution.Failed Failed(Refusal why) => new Execution.Failed(why);
}
