namespace SafeTools.Providers.Postgres;

/// <summary>
/// <c>postgres.rotate_credential</c>: the idle slot gets a new password, it is proved at the application's own address, and only then the application's secret
/// is written. What it was works until the grace ends, so that at no moment an application that reads its secret is locked out.
/// </summary>
internal sealed class RotateCredential(RotationGround ground, RotationSettling settling, Func<ServerFacts, EnvironmentEvidence> evidence)
{
    public async Task<Previewed> Preview(CancellationToken cancellationToken)
    {
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return why!;
        await using var _ = session.ConfigureAwait(false);
        var (view, blind) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        return view is null ? blind! : view.AgainstRotating() is { } refusal ? refusal : See(view);
    }

    public async Task<Execution> Execute(Ticket ticket, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A ticket is good for one act; whoever brings it again is told what came of it.
        if (settling.Knows(ticket.ActionId))
            return await settling.Settle(ticket.ActionId, CancellationToken.None).ConfigureAwait(false);
        var (session, why) = await ground.Rotator.Open(cancellationToken).ConfigureAwait(false);
        if (session is null)
            return Failed(why!);
        await using var _ = session.ConfigureAwait(false);
        var (view, blind) = await ground.Look(session, cancellationToken).ConfigureAwait(false);
        if (view is null)
            return Failed(blind!);
        if (view.AgainstRotating() is { } refusal)
            return Failed(refusal);
        if (!view.Matches(ticket.Fingerprint))
            return Failed(RefusalCatalog.Stale.Because("The slots or the application's secret are not what was looked at."));
        // With a single slot there is no way to write before the server is changed, so that it can be written is tried with what is there.
        if (!ground.Settings.TwoSlots && ground.WriteSink(view.Sink) is { } unwritable)
            return Failed(unwritable);

        var password = ScramVerifier.NewPassword();
        var record = Begin(ticket.ActionId, view, password);
        if (!ground.Memory.Change(journal => journal.Current is null ? (journal.With(record), true) : ((Journal?)null, false)))
            return Failed(view.No(RefusalCatalog.RotationUnderWay, "Another rotation of this service began just now."));
        try
        {
            // From here on nobody stops it: what is half done is finished or taken back.
            return await Carry(record, view, session, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault))
        {
            return await settling.Settle(record.Action, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<Execution> Carry(RotationRecord record, RotationView view, RotatorSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.SetVerifier(record.To.Slot, record.To.Version - 1, record.Verifier, record.ValidUntil, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (RotationFault.IsAnswer(fault))
        {
            ground.Memory.End(record.Action, new PastAction(record.Action, null, CanBeUndone: true));
            var said = RotationFault.Of(fault);
            return Failed(said with { Message = $"{said.Message} {view.BothSides()} Nothing is lost: the application's secret is as it was." });
        }

        if (await ground.Prove(record.Later, session, record.To, view.Next!.OwnerRole, cancellationToken).ConfigureAwait(false) is { } unproved)
            return await settling.TakeBack(record, session, unproved, cancellationToken).ConfigureAwait(false);
        if (ground.ReadSink() is not SecretRead.Found { Secret: var still } || !SinkText.Same(still, record.Earlier))
            return await settling.TakeBack(record, session, RefusalCatalog.RotationSinkUnfit.Because("Somebody changed the application's secret in the meantime."), cancellationToken).ConfigureAwait(false);
        ground.Memory.Step(record.Action, current => current with { Phase = RotationPhase.Proved, At = ground.Now });
        if (ground.WriteSink(record.Later) is { } unwritten)
            return await settling.TakeBack(record, session, unwritten, cancellationToken).ConfigureAwait(false);
        return ground.ReadSink() is SecretRead.Found { Secret: var written } && SinkText.Same(written, record.Later)
            ? settling.Finish(record)
            : await settling.Settle(record.Action, cancellationToken).ConfigureAwait(false);
    }

    private static RotationRecord Begin(string action, RotationView view, Secret password)
    {
        var next = view.Next!;
        return new RotationRecord
        {
            Action = action,
            Phase = RotationPhase.Begun,
            Server = view.Server,
            Service = view.Settings.Service,
            From = SlotVersion.Of(view.Held!),
            To = SlotVersion.Of(next) with { Version = next.Version + 1 },
            Verifier = ScramVerifier.Of(password),
            Earlier = view.Sink,
            Later = SinkText.With(view.Sink, next.Role, password),
            ValidUntil = view.ValidUntil,
            At = view.Now,
        };
    }

    private Preview See(RotationView view)
    {
        var (held, next) = (view.Held!, view.Next!);
        var restorable = view.Settings.TwoSlots || ScramVerifier.Suits(ConnectionText.Parse(view.Sink, out _)!.Password ?? new Secret(""));
        return new Preview
        {
            Summary = view.Settings.TwoSlots
                ? $"Gives the application {view.Settings.Service} a new password on slot {next.Name}, proves it by a login, and writes it to the application's secret. Slot {held.Name} works until {RotationView.Time(view.GraceEnds)}, "
                    + $"and while it still has sessions until {RotationView.Time(view.GraceEndsAtLatest)} at the latest; then it is retired and its sessions are ended."
                : $"Gives the application {view.Settings.Service} a new password on its only slot, proves it by a login, and writes it to the application's secret. Between the two a login with the earlier password fails: for a moment, or longer where the server running this dies.",
            Item = new Item("credential", view.ItemId, view.Settings.Service),
            Environment = evidence(view.Facts),
            Fingerprint = view.Fingerprint(),
            Facts =
            [
                new Fact("slot in use", new FactValue.Text(held.Name), FactSource.Provider),
                new Fact("version in use", new FactValue.Count(held.Version), FactSource.Provider),
                new Fact("slot in use lets in", new FactValue.Flag(held.LetsIn), FactSource.Provider),
                new Fact("slot to be set", new FactValue.Text(next.Name), FactSource.Provider),
                new Fact("version to be set", new FactValue.Count(next.Version + 1), FactSource.Provider),
                .. view.Slots.Select(slot => new Fact($"sessions of slot {slot.Name}", new FactValue.Count(slot.Sessions), FactSource.Provider)),
                new Fact("fingerprint in use", new FactValue.Text(view.SinkFingerprint), FactSource.Provider),
                new Fact("grace ends", new FactValue.Instant(view.GraceEnds), FactSource.Configuration),
                .. view.Settings.TwoSlots ? [new Fact("grace ends at the latest", new FactValue.Instant(view.GraceEndsAtLatest), FactSource.Configuration)] : Array.Empty<Fact>(),
                new Fact("new password valid until", new FactValue.Instant(view.ValidUntil), FactSource.Configuration),
            ],
            Raised = restorable ? null : (Effect.Irreversible, "the earlier password holds characters whose verifier SafeTools does not compute, so it could not be set again"),
            UndoNote = !restorable ? null : view.Settings.TwoSlots
                ? "Until the grace ends the application's secret can be given its earlier value again, as long as it still works and nobody changed the secret since."
                : "Until the grace ends the server and the application's secret can be given the earlier password again, valid for 90 days.",
        };
    }

    private static Execution.Failed Failed(Refusal why) => new Execution.Failed(why);
}
