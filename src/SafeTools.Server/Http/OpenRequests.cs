using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>What is being worked on: bounded for each principal, and waited for when the server stops.</summary>
internal sealed class OpenRequests(HttpLimits limits) : IDisposable
{
    private static readonly HttpRejection Stopping = HttpRejection.Because(
        StatusCodes.Status503ServiceUnavailable, "The server is stopping and takes no new requests. Try again once it runs again.") with { RetryAfter = TimeSpan.FromSeconds(5) };

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Principal, bool IsStream), int> _open = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _streams = new();
    private readonly CancellationTokenSource _requests = new();
    private int _working;
    private bool _stopping;

    public bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _stopping;
            }
        }
    }

    /// <summary>Requests that are being worked on, of all principals.</summary>
    public int Working
    {
        get
        {
            lock (_gate)
            {
                return _working;
            }
        }
    }

    /// <summary>Ends what waits for news alone: at once when the server stops; what is worked on when its patience is over.</summary>
    public CancellationToken End(bool isStream) => isStream ? _streams.Token : _requests.Token;

    /// <summary>Null: it counts until <see cref="Leave"/>.</summary>
    /// <param name="isStream">It waits for news, and no work hangs on it.</param>
    public HttpRejection? Enter(string principal, bool isStream)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return Stopping;
            }

            var own = _open.GetValueOrDefault((principal, isStream));
            if (own >= (isStream ? limits.StreamsOfOne : limits.RequestsOfOne))
            {
                var words = $"This principal has {own} {(isStream ? "streams open" : "requests under way")}, and may have no more.";
                return HttpRejection.Of(StatusCodes.Status429TooManyRequests, RefusalCatalog.TooManyConnections.Because(words)) with { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            _open[(principal, isStream)] = own + 1;
            _working += isStream ? 0 : 1;
            return null;
        }
    }

    public void Leave(string principal, bool isStream)
    {
        lock (_gate)
        {
            if (--_open[(principal, isStream)] == 0)
            {
                _open.Remove((principal, isStream));
            }

            _working -= isStream ? 0 : 1;
            if (_stopping && _working == 0)
            {
                _idle.TrySetResult();
            }
        }
    }

    /// <summary>Takes nothing new, ends streams, waits for the rest as long as the limits say, and then gives the rest up.</summary>
    public async Task Drain(TimeProvider clock, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopping = true;
            if (_working == 0)
            {
                _idle.TrySetResult();
            }
        }

        await _streams.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(_idle.Task, Task.Delay(limits.Drain, clock, cancellationToken)).ConfigureAwait(false);
        await _requests.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _streams.Dispose();
        _requests.Dispose();
    }
}
