using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Mcp;

/// <summary>Passes progress on to a client that asked for it, at most a few times a second.</summary>
internal sealed class McpProgress(RequestContext<CallToolRequestParams> request) : IProgress<ProviderProgress>
{
    private const long Interval = 250;
    private long _last = -Interval;

    public void Report(ProviderProgress value)
    {
        var now = System.Environment.TickCount64;
        if (request.Params.ProgressToken is not { } token || now - Interlocked.Read(ref _last) < Interval)
        {
            return;
        }

        Interlocked.Exchange(ref _last, now);
        // Progress is a courtesy: a client that is gone must not stop the work.
        _ = request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)value.Done, Total = (float?)value.Total, Message = VisibleText.Line(value.Message, 200) })
            .ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
