namespace SafeTools.Server.Cli;

/// <summary>Tries one example of a spec as far as it changes nothing: binding, preview and ruling for all, execution for reads.</summary>
internal static class ExampleRun
{
    public const string Executed = "executed";
    public const string Proposed = "proposed";

    public static async Task<ExampleResult> Try(ToolSpec tool, SpecExample example, Policy policy, ProviderCalls providers, CancellationToken cancellationToken)
    {
        if (ArgumentBinder.Bind(tool, example.Arguments, out var arguments, out _) is { } refusal)
        {
            return ExampleResult.Of(refusal);
        }

        var looked = await providers.Preview(tool.Request(arguments), cancellationToken).ConfigureAwait(false);
        if (looked is Previewed.Refused none)
        {
            return ExampleResult.Of(none.Refusal);
        }

        // Examples are about the tool, not about who may use it: the asker holds every right that could reach it.
        var grants = Enum.GetValues<EnvironmentLabel>().Select(place => new Grant("", null, tool.Name, place)).ToArray();
        var asker = new Principal("example", grants, null);
        var action = new Action { Id = Identifier.NewAction(), Principal = asker, Tool = tool, Operation = tool.Operation, Arguments = arguments };
        var seen = ((Previewed.Seen)looked).Preview;
        var ruling = Gate.Rule(action, seen, new Standing(policy, 1, Freezes.None, TimeProvider.System.GetUtcNow()));
        return ruling switch
        {
            Ruling.Refuse refuse => ExampleResult.Of(refuse.Why),
            Ruling.Ask => new ExampleResult(Proposed, null),
            Ruling.Run { Effect: Effect.Read } => await Read(action, seen, providers, cancellationToken).ConfigureAwait(false),
            Ruling.Run => new ExampleResult(Executed, null),
            _ => throw new NotSupportedException("Unknown ruling."),
        };
    }

    private static async Task<ExampleResult> Read(Action action, Preview seen, ProviderCalls providers, CancellationToken cancellationToken) =>
        await providers.Execute(new Ticket(action.Id, action.Request, seen.Fingerprint), read: true, new Progress<ProviderProgress>(), cancellationToken).ConfigureAwait(false) switch
        {
            Execution.Done => new ExampleResult(Executed, null),
            Execution.Failed failed => ExampleResult.Of(failed.Why),
            var other => throw new NotSupportedException($"A read ended as {other.GetType().Name}."),
        };
}
