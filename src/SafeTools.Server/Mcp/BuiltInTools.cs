using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Mcp;

/// <summary>SafeTools' own tools: see, wait for, withdraw and undo one's own actions, and learn what one may do. None of them approves anything.</summary>
internal sealed class BuiltInTools(IStore store, Catalog catalog, Pipeline pipeline, Attestations attestations, Doorbell doorbell, string principal, TimeProvider clock)
{
    /// <summary>Clients give up after a minute; an answer must come before.</summary>
    private const int LongestWait = 49;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private static readonly Parameter Id = new() { Name = "id", Type = ParameterType.String, MaxLength = 32, Pattern = "act-[0-9a-z]{12}", Description = "The action's id." };

    private static readonly Parameter Wait = new()
    {
        Name = "wait_seconds",
        Type = ParameterType.Integer,
        Minimum = 0,
        Maximum = LongestWait,
        Default = JsonValues.Of(0L),
        Description = "How long to wait for a decision or an end before answering.",
    };

    private static readonly Parameter Reason = new()
    {
        Name = ArgumentBinder.Reason,
        Type = ParameterType.String,
        Required = false,
        MaxLength = ArgumentBinder.LongestReason,
        Description = "Why, in your own words, for the human who may have to decide.",
    };

    public IReadOnlyList<ServedTool> All =>
    [
        Tool("list_proposals", "Your requests that wait", "Lists your own open proposals, newest first.", readOnly: true, [], (_, _, cancellationToken) => ListOpen(cancellationToken)),
        Tool("get_proposal", "One of your requests", "Shows one of your actions: facts, status, result. May wait for a change.", readOnly: true, [Id, Wait], Get),
        Tool("withdraw_proposal", "Take a request back", "Withdraws one of your open proposals. Nothing was done yet, and nothing will be.", readOnly: false, [Id], (arguments, _, cancellationToken) => Withdraw(arguments, cancellationToken)),
        Tool("undo_action", "Undo one of your actions", "Asks to take back one of your own succeeded actions. In production a human decides.", readOnly: false, [Id, Reason], Undo),
        Tool("describe_access", "What you may do", "Says which tools you have, what runs at once and what needs a human.", readOnly: true, [], (_, _, cancellationToken) => Describe(cancellationToken)),
    ];

    private ServedTool Tool(
        string name, string title, string description, bool readOnly, IReadOnlyList<Parameter> parameters,
        Func<Arguments, RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> body)
    {
        var tool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = JsonValues.Element(ParameterSchema.Of(parameters)),
            OutputSchema = ToolDescriptions.OutputSchema,
            Annotations = new ToolAnnotations { ReadOnlyHint = readOnly, IdempotentHint = readOnly, DestructiveHint = false, OpenWorldHint = false },
        };
        return new ServedTool(tool, name, async (request, cancellationToken) =>
        {
            var sent = request.Params.Arguments?.ToDictionary(StringComparer.Ordinal) ?? new Dictionary<string, JsonElement>();
            return ArgumentBinder.Bind(parameters, sent, out var arguments) is { } refusal
                ? await Refuse(name, refusal, cancellationToken).ConfigureAwait(false)
                : await body(arguments, request, cancellationToken).ConfigureAwait(false);
        });
    }

    private async Task<CallToolResult> ListOpen(CancellationToken cancellationToken)
    {
        var open = await store.List(principal, open: true, most: 100, cancellationToken).ConfigureAwait(false);
        return Answers.Data(new JsonObject { ["proposals"] = new JsonArray([.. open.Select(ActionView.Brief)]) });
    }

    private async Task<CallToolResult> Get(Arguments arguments, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var until = clock.GetTimestamp();
        var patience = TimeSpan.FromSeconds(arguments.Integer("wait_seconds"));
        var page = await doorbell.Page(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (await Own(arguments, cancellationToken).ConfigureAwait(false) is not { } action)
            {
                return await Refuse("get_proposal", NoSuchAction, cancellationToken).ConfigureAwait(false);
            }

            var outcome = Outcome.Of(action);
            if (!ActionLife.IsOpen(action.Status) || clock.GetElapsedTime(until) >= patience)
            {
                return Answers.Of(outcome, page);
            }

            doorbell.RingInPlaceOfTheWait(outcome, page, request);

            await Task.Delay(PollInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<CallToolResult> Withdraw(Arguments arguments, CancellationToken cancellationToken) =>
        await pipeline.Withdraw(principal, arguments.Text("id"), cancellationToken).ConfigureAwait(false) is { } no
            ? await Refuse("withdraw_proposal", no, cancellationToken).ConfigureAwait(false)
            : Answers.Data(new JsonObject { ["withdrawn"] = arguments.Text("id") });

    private async Task<CallToolResult> Undo(Arguments arguments, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        Answers.Of(await pipeline.Undo(principal, arguments.Text("id"), arguments.TextOrNull(ArgumentBinder.Reason), new McpProgress(request), cancellationToken).ConfigureAwait(false));

    private async Task<CallToolResult> Describe(CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        return Answers.Data(AccessView.Of(principal, standing, attestations));
    }

    private async Task<StoredAction?> Own(Arguments arguments, CancellationToken cancellationToken) =>
        await store.Get(arguments.Text("id"), cancellationToken).ConfigureAwait(false) is { } action && action.Principal == principal ? action : null;

    private static Refusal NoSuchAction => RefusalCatalog.NoSuchProposal.Because("There is no such action of yours.");

    private async Task<CallToolResult> Refuse(string tool, Refusal why, CancellationToken cancellationToken)
    {
        await store.Record(Records.Refused(new Call(principal, tool, new Dictionary<string, JsonElement>()), why), cancellationToken).ConfigureAwait(false);
        return Answers.Of(new Outcome.Refused(why));
    }
}
