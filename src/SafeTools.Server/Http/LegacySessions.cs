using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>The sessions that are open: bounded in all and for each principal; those that nobody uses make room.</summary>
internal sealed class LegacySessions(HttpLimits limits) : IAsyncDisposable
{
    public const string Header = "Mcp-Session-Id";

    /// <summary>Clients begin anew when they read it (Streamable HTTP, session management).</summary>
    private static readonly HttpRejection Unknown = new(StatusCodes.Status404NotFound, -32001, "There is no such session: it has ended, or was never yours. Begin anew with initialize.");

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LegacySession> _open = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Another principal's session and none at all look alike.</summary>
    public HttpRejection? Find(HttpRequest request, string principal, out LegacySession session)
    {
        session = null!;
        var id = request.Headers[Header].ToString();
        if (id.Length == 0)
        {
            return HttpRejection.Because(StatusCodes.Status400BadRequest, $"{Header} is missing. Begin with initialize.");
        }

        lock (_gate)
        {
            return _open.TryGetValue(id, out session!) && session.Principal == principal ? null : Unknown;
        }
    }

    /// <summary>Where a principal has as many as it may, the one of them that nobody uses for the longest makes room.</summary>
    public HttpRejection? Add(string principal, Func<LegacySession> begin, out LegacySession session)
    {
        LegacySession? old = null;
        lock (_gate)
        {
            session = null!;
            var own = _open.Values.Where(other => other.Principal == principal).ToArray();
            if (own.Length >= limits.SessionsOfOne)
            {
                old = own.Where(other => other.IsIdle(TimeSpan.Zero)).MinBy(other => other.LastUsed);
                if (old is null)
                {
                    return Full($"This principal has {own.Length} sessions in use, and may have no more.");
                }

                _open.Remove(old.Id);
            }
            else if (_open.Count >= limits.Sessions)
            {
                return Full($"This server has {_open.Count} sessions, and takes no more.");
            }

            session = begin();
            _open.Add(session.Id, session);
        }

        _ = old?.DisposeAsync().AsTask();
        return null;
    }

    public async Task End(LegacySession session)
    {
        lock (_gate)
        {
            _open.Remove(session.Id);
        }

        await session.DisposeAsync().ConfigureAwait(false);
    }

    private static HttpRejection Full(string words) =>
        HttpRejection.Of(StatusCodes.Status503ServiceUnavailable, RefusalCatalog.TooManyConnections.Because(words)) with { RetryAfter = TimeSpan.FromSeconds(30) };

    /// <summary>Ends those that nobody used for a while.</summary>
    public Task Sweep()
    {
        LegacySession[] idle;
        lock (_gate)
        {
            idle = [.. _open.Values.Where(session => session.IsIdle(limits.IdleSession))];
        }

        return Task.WhenAll(idle.Select(End));
    }

    public async ValueTask DisposeAsync()
    {
        LegacySession[] open;
        lock (_gate)
        {
            open = [.. _open.Values];
        }

        await Task.WhenAll(open.Select(End)).ConfigureAwait(false);
    }
}
