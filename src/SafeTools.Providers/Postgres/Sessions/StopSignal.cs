namespace SafeTools.Providers.Postgres;

/// <summary>
/// Passes a cancellation on to Npgsql from a thread of its own. Npgsql asks the server to cancel inside the callbacks of its tokens and waits there, for
/// seconds where the server is silent: a timer, or the loop that reads what the client sends, must not wait with it.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    // Never disposed: a cancellation may come late. It holds nothing that must be let go.
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _registration;

    public StopSignal(CancellationToken origin) => _registration = origin.UnsafeRegister(static state => OnOwnThread(((StopSignal)state!)._stop.Cancel), this);

    public CancellationToken Token => _stop.Token;

    /// <summary>For whatever may wait for a silent server without being asynchronous.</summary>
    public static Task OnOwnThread(System.Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _registration.Dispose();
}
