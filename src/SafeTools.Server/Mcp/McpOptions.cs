using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Mcp;

/// <summary>What the SDK's server is told: our tools, our order, and one answer for everything unknown.</summary>
internal static class McpOptions
{
    public static McpServerOptions Create(ToolShelf shelf, System.Action<Exception> log)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = ServerIdentity.Name, Title = ServerIdentity.Title, Version = ThisBuild.Version },
            ServerInstructions = ServerIdentity.Instructions,
            ToolCollection = shelf.Tools,
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } },
        };
        options.Filters.Request.ListToolsFilters.Add(next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken).ConfigureAwait(false);
            result.Tools = [.. result.Tools.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
            (result.TimeToLive, result.CacheScope) = (TimeSpan.FromSeconds(60), CacheScope.Private);
            return result;
        });
        options.Filters.Request.CallToolFilters.Add(next => async (request, cancellationToken) =>
        {
            try
            {
                return request.MatchedPrimitive is null
                    ? await shelf.Call(request, cancellationToken).ConfigureAwait(false)
                    : await next(request, cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException fault)
            {
                log(fault);
                return Answers.Of(new Outcome.Refused(fault.Refusal));
            }
            catch (Exception fault) when (fault is not OperationCanceledException and not McpException and not InputRequiredException)
            {
                log(fault);
                return Answers.Of(new Outcome.Refused(RefusalCatalog.InternalFault.Because("SafeTools met a fault of its own; the request was not carried out.")));
            }
        });
        return options;
    }
}
