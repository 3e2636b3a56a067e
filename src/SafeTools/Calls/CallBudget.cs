namespace SafeTools;

/// <summary>Counts calls a minute for each principal and tool of this process.</summary>
internal sealed class CallBudget(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Dictionary<(string Principal, string Tool), Queue<long>> _calls = [];
    private readonly Lock _lock = new();

    /// <summary>Takes one call, or says how long to wait.</summary>
    public Refusal? Take(string principal, ToolSpec tool)
    {
        if (tool.CallsPerMinute is not { } most)
        {
            return null;
        }

        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (!_calls.TryGetValue((principal, tool.Name), out var recent))
            {
                _calls[(principal, tool.Name)] = recent = new Queue<long>();
            }

            while (recent.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= Window)
            {
                recent.Dequeue();
            }

            if (recent.Count >= most)
            {
                var wait = Math.Ceiling((Window - clock.GetElapsedTime(recent.Peek(), now)).TotalSeconds);
                return RefusalCatalog.TooManyCalls.Because(FormattableString.Invariant($"'{tool.Name}' allows {most} calls a minute. Try again in {wait} seconds."));
            }

            recent.Enqueue(now);
            return null;
        }
    }
}
