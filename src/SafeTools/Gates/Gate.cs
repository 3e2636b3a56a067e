namespace SafeTools;

/// <summary>The one place that decides. Pure: the same action, preview and standing always give the same ruling.</summary>
internal static class Gate
{
    public static Ruling Rule(Action action, Preview seen, Standing standing)
    {
        var effect = EffectOf(action, seen);
        var placement = standing.Policy.Environments.Place(action.Tool.Resource.Environment, seen.Environment);
        return Refuse(action, effect, placement, standing) is { } refusal
            ? new Ruling.Refuse(refusal)
            : NeedsHumans(effect, placement.Environment)
                ? new Ruling.Ask(effect, placement, standing.Policy.Rules.ApprovalsFor(placement.Environment), RecoveryGate.Block(action, seen, placement, standing))
                : new Ruling.Run(effect, placement);
    }

    /// <summary>The table of DESIGN §4.</summary>
    public static bool NeedsHumans(Effect effect, EnvironmentLabel environment) => effect switch
    {
        Effect.Read => false,
        Effect.Reversible => environment switch
        {
            EnvironmentLabel.Local => false,
            EnvironmentLabel.Staging => false,
            EnvironmentLabel.Production => true,
        },
        Effect.Irreversible => true,
    };

    /// <summary>
    /// The whole gate again, at the moment of execution. Null: it may run.
    /// </summary>
    /// <param name="stored">What was proposed or begun.</param>
    /// <param name="decisions">Its decisions, verified just now against the accepted policy.</param>
    public static Refusal? Recheck(Action action, Preview now, StoredAction stored, IReadOnlyList<VerifiedDecision> decisions, Standing standing)
    {
        // The columns beside the signed document are convenience; where they contradict it, somebody edited the store.
        if (stored.Id != action.Id || stored.Principal != action.Principal.Name || stored.Tool != action.Tool.Name
            || stored.Environment != ActionDocument.TargetEnvironment(stored.Document))
        {
            return RefusalCatalog.AuditBroken.Because("The action's record contradicts what was asked and decided.");
        }

        var ruling = Rule(action, now, standing);
        if (ruling is Ruling.Refuse refused)
        {
            return refused.Why;
        }

        var placement = ruling is Ruling.Run run ? run.Placement : ((Ruling.Ask)ruling).Placement;
        if (PreviewDocument.FingerprintText(now, placement) != stored.Fingerprint || ActionDocument.Of(action, now.Item, placement.Environment) != stored.Document)
        {
            return RefusalCatalog.Stale.Because("The target is not what it was when this was asked: it was replaced, or something that consent depends on changed.");
        }

        return ruling switch
        {
            Ruling.Run => null,
            Ruling.Ask when stored.Required == 0 => RefusalCatalog.EffectRaised.Because("The request needs a human's decision now, and it has none."),
            Ruling.Ask when standing.Now > stored.Expires => RefusalCatalog.ProposalExpired.Because("The approval is too old."),
            Ruling.Ask ask => Tally.Of(decisions, ask.Required, ask.Blocked is not null, placement.Environment, action.Principal.Owner).Missing,
            _ => RefusalCatalog.InternalFault.Because("Unknown ruling."),
        };
    }

    private static Effect EffectOf(Action action, Preview seen)
    {
        var effect = action.StatedEffect;
        return seen.Raised is { } raised && raised.Effect > effect ? action.AtLeast(raised.Effect) : effect;
    }

    /// <summary>What refuses before anybody looks at the item; part of every ruling too.</summary>
    public static Refusal? Stop(Action action, Standing standing) => standing.Freezes.Holds(action.Principal.Name)
        ? RefusalCatalog.Frozen.Because("A human froze this principal; nothing runs for it until an approver lifts the freeze.")
            with { HumanCommand = standing.Freezes.Everybody ? "safetools unfreeze" : $"safetools unfreeze {action.Principal.Name}" }
        : null;

    private static Refusal? Refuse(Action action, Effect effect, Placement placement, Standing standing)
    {
        if (Stop(action, standing) is { } stopped)
        {
            return stopped;
        }

        if (standing.Epoch == 0 && effect != Effect.Read)
        {
            return RefusalCatalog.NotAcceptedYet.Because("No policy is accepted yet, so only reads run.") with { HumanCommand = "safetools accept" };
        }

        if (placement.Environment > action.Tool.Ceiling)
        {
            return RefusalCatalog.AboveCeiling.Because(
                $"'{VisibleText.Line(action.Tool.Name, 64)}' is for {action.Tool.Ceiling.Word()}; this item is {placement.Environment.Word()}: {VisibleText.Line(placement.Reason, 300)}.");
        }

        // An undo needs what the tool itself needs, or the milder right to what it really does.
        var tool = action.Tool.Name;
        var granted = action.Principal.MayUse(tool, effect, placement.Environment)
            || (action.Undoes is not null && (action.Principal == Humans.Principal || action.Principal.MayUse(tool, action.Tool.Effect, placement.Environment)));
        return granted
            ? null
            : RefusalCatalog.NotGrantedHere.Because($"'{action.Principal.Name}' is not granted {effect.Word()} use of '{tool}' in {placement.Environment.Word()} ({VisibleText.Line(placement.Reason, 300)}).");
    }
}
