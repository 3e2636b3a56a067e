namespace SafeTools.IntegrationTests.Support;

/// <summary>Waits for something that another process does.</summary>
internal static class Eventually
{
    /// <summary>The first value that satisfies; looks again and again until then.</summary>
    /// <exception cref="TimeoutException">It never came.</exception>
    public static async Task<T> Get<T>(Func<Task<T>> look, Func<T, bool> until)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await look();
            if (until(seen))
            {
                return seen;
            }

            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It never came; last seen: {seen}");
            }
        }
    }
}
