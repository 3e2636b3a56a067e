using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary><c>subscriptions/listen</c> where no session is: says that lists have changed until the client hangs up. Many changes at once are one piece of news.</summary>
internal sealed class ListChanges(McpServerOptions options)
{
    public async ValueTask<EmptyResult> Listen(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var asked = request.Params.Notifications;
        var (tools, prompts) = (asked.ToolsListChanged == true ? options.ToolCollection : null, asked.PromptsListChanged == true ? options.PromptCollection : null);
        var news = (Tools: Latch(), Prompts: Latch());
        void OnTools(object? sender, EventArgs change) => news.Tools.Writer.TryWrite(true);
        void OnPrompts(object? sender, EventArgs change) => news.Prompts.Writer.TryWrite(true);
        tools?.Changed += OnTools;
        prompts?.Changed += OnPrompts;
        try
        {
            await Acknowledge(request, tools is not null, prompts is not null, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(
                Pass(request, news.Tools.Reader, NotificationMethods.ToolListChangedNotification, cancellationToken),
                Pass(request, news.Prompts.Reader, NotificationMethods.PromptListChangedNotification, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client has hung up, or the server stops.
        }
        finally
        {
            tools?.Changed -= OnTools;
            prompts?.Changed -= OnPrompts;
        }

        return new EmptyResult();
    }

    private static Channel<bool> Latch() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static Task Acknowledge(RequestContext<SubscriptionsListenRequestParams> request, bool tools, bool prompts, CancellationToken cancellationToken)
    {
        var granted = new SubscriptionsAcknowledgedNotificationParams
        {
            Notifications = new SubscriptionsListenNotifications { ToolsListChanged = tools ? true : null, PromptsListChanged = prompts ? true : null },
        };
        var parameters = (JsonObject)JsonSerializer.SerializeToNode(granted, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(SubscriptionsAcknowledgedNotificationParams)))!;
        return Send(request, NotificationMethods.SubscriptionsAcknowledgedNotification, parameters, cancellationToken);
    }

    private static async Task Pass(RequestContext<SubscriptionsListenRequestParams> request, ChannelReader<bool> news, string method, CancellationToken cancellationToken)
    {
        await foreach (var _ in news.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await Send(request, method, [], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>No context of its own: the request's server writes into this request's stream.</summary>
    private static Task Send(RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = request.JsonRpcRequest.Id.Id;
        parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = id is long number ? JsonValue.Create(number) : JsonValue.Create(id?.ToString()) };
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellationToken);
    }
}
