namespace SafeTools.Server.Cli;

/// <summary>Tries one example of a spec as far as it changes nothing: binding, preview and ruling for all, execution for reads.</summary>
internal static class ExampleRun
{
    /// <summary><c>executed</c>, <c>proposed</c> or a refusal's code; null where the resource cannot be reached.</summary>
    public static async Task<string?> Try(ToolSpec tool, SpecExample example, Policy policy, ProviderCalls providers, CancellationToken cancellationToken)
    {
        if (ArgumentBinder.Bind(tool, example.Arguments, out var arguments, out _) is { } refusal)
        {
            return refusal.Code.Id;
        }

        var looked = await providers.Preview(tool.Request(arguments), cancellationToken).ConfigureAwait(false);
        if (looked is Previewed.Refused none)
        {
            return none.Refusal.Code == RefusalCatalog.ResourceUnavailable ? null : none.Refusal.Code.Id;
        }

        // Examples are about the tool, not about who may use it: the asker holds every right that could reach it.
        var grants = Enum.GetValues<EnvironmentLabel>().Select(place => new Grant("", null, tool.Name, place)).ToArray();
        var asker = new Principal("example", grants, null);
        var action = new Action { Id = Identifier.NewAction(), Principal = asker, Tool = tool, Operation = tool.Operation, Arguments = arguments };
        var seen = ((Previewed.Seen)looked).Preview;
        var ruling = Gate.Rule(action, seen, new Standing(policy, 1, Freezes.None, TimeProvider.System.GetUtcNow()));
        return ruling switch
        {
            Ruling.Refuse refuse => refuse.Why.Code.Id,
            Ruling.Ask => "proposed",
            Ruling.Run { Effect: Effect.Read } => await Read(action, seen, providers, cancellationToken).ConfigureAwait(false),
            Ruling.Run => "executed",
            _ => throw new NotSupportedException("Unknown ruling."),
        };
    }

    private static async Task<string?> Read(Action action, Preview seen, ProviderCalls providers, CancellationToken cancellationToken) =>
        await providers.Execute(new Ticket(action.Id, action.Request, seen.Fingerprint), read: true, new Progress<ProviderProgress>(), cancellationToken).ConfigureAwait(false) switch
        {
            Execution.Done => "executed",
            Execution.Failed failed => failed.Why.Code == RefusalCatalog.ResourceUnavailable ? null : failed.Why.Code.Id,
            _ => null,
        };
}
