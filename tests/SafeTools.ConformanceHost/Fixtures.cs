using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>Everything that the suites expect of a server that tries all of the protocol.</summary>
internal sealed class Fixtures
{
    private readonly McpServerPrimitiveCollection<McpServerPrompt> _prompts = [];
    private readonly McpServerResourceCollection _resources =
    [
        new FixtureResource("test://static-text", "text/plain", address => Text(address, "text/plain", "This is the content of the static text resource.")),
        new FixtureResource("test://static-binary", "image/png", address => new BlobResourceContents { Uri = address, MimeType = "image/png", Blob = Contents.Png }),
        new FixtureResource("test://watched-resource", "text/plain", address => Text(address, "text/plain", "watched")),
        new FixtureResource("test://template/{id}/data", "application/json", address =>
            Text(address, "application/json", new JsonObject { ["id"] = address.Split('/')[3], ["templateTest"] = true, ["data"] = $"Data for ID: {address.Split('/')[3]}" }.ToJsonString())),
    ];

    private int _added;

    /// <param name="shelf">The server's own.</param>
    public Fixtures(McpServerPrimitiveCollection<McpServerTool> shelf)
    {
        FixtureTool[] changing =
        [
            FixtureTool.Of("test_trigger_tool_change", _ =>
            {
                shelf.Add(FixtureTool.Of($"zz_added_{++_added}", _ => Contents.Text("added")));
                return Contents.Text("changed");
            }),
            FixtureTool.Of("test_trigger_prompt_change", _ =>
            {
                _prompts.Add(new FixturePrompt($"zz_added_{++_added}", [], _ => []));
                return Contents.Text("changed");
            }),
        ];
        foreach (var tool in PlainTools.All.Concat(AskingTools.All).Concat(new RoundTools(new SealedState()).All).Concat(changing))
        {
            shelf.Add(tool);
        }

        foreach (var prompt in Prompts)
        {
            _prompts.Add(prompt);
        }
    }

    private static IEnumerable<FixturePrompt> Prompts =>
    [
        new("test_simple_prompt", [], _ => [Contents.User(Contents.Block("This is a simple prompt for testing."))]),
        new("test_prompt_with_arguments", ["arg1", "arg2"], request => [Contents.User(Contents.Block($"Prompt with arguments: arg1='{Argument(request, "arg1")}', arg2='{Argument(request, "arg2")}'"))]),
        new("test_prompt_with_embedded_resource", ["resourceUri"], request =>
            [Contents.User(Contents.Embedded(Argument(request, "resourceUri"), "text/plain", "Embedded resource content for testing.")), Contents.User(Contents.Block("Please process the embedded resource above."))]),
        new("test_prompt_with_image", [], _ => [Contents.User(Contents.Image), Contents.User(Contents.Block("Please analyze the image above."))]),
        new("test_input_required_result_prompt", [], request => Questions.Field(request.Params, "user_context", "context") is { } context
            ? [Contents.User(Contents.Block($"context: {context}"))]
            : throw Questions.Need("user_context", Questions.Ask("What context should the prompt use?", "context"))),
    ];

    /// <summary>What a principal is served, and the fixtures besides.</summary>
    public McpServerOptions AddTo(McpServerOptions options)
    {
        (options.PromptCollection, options.ResourceCollection) = (_prompts, _resources);
        options.Capabilities!.Resources = new ResourcesCapability { Subscribe = true };
        options.Handlers.CompleteHandler = (_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = [], Total = 0, HasMore = false } });
        options.Handlers.SubscribeToResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
        options.Handlers.UnsubscribeFromResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult());
        options.Handlers.ReadResourceHandler = (request, _) =>
        {
            var isModern = string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, "2026-07-28") >= 0;
            var missing = new McpProtocolException("Resource not found", isModern ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
            missing.Data["uri"] = request.Params.Uri;
            throw missing;
        };
        var filters = options.Filters.Request;
        filters.ListPromptsFilters.Add(next => async (request, cancellationToken) => Cached(await next(request, cancellationToken)));
        filters.ListResourcesFilters.Add(next => async (request, cancellationToken) => Cached(await next(request, cancellationToken)));
        filters.ListResourceTemplatesFilters.Add(next => async (request, cancellationToken) => Cached(await next(request, cancellationToken)));
        filters.ReadResourceFilters.Add(next => async (request, cancellationToken) => Cached(await next(request, cancellationToken)));
        return options;
    }

    private static T Cached<T>(T result)
        where T : ICacheableResult
    {
        (result.TimeToLive, result.CacheScope) = (TimeSpan.FromMinutes(1), CacheScope.Private);
        return result;
    }

    private static TextResourceContents Text(string address, string type, string text) => new() { Uri = address, MimeType = type, Text = text };

    private static string Argument(RequestContext<GetPromptRequestParams> request, string name) => request.Params.Arguments?.TryGetValue(name, out var value) == true ? value.ToString() : "";
}
