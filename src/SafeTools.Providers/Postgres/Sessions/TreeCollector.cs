using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Gathers the trees that the server prints as it analyses (debug_print_rewritten). It prints one whenever it analyses anything on this session: at the
/// first preparation, and again when something that a prepared statement depends on has changed.
/// </summary>
internal sealed class TreeCollector
{
    private readonly List<string> _trees = [];
    private readonly Lock _lock = new();

    /// <summary>Whatever was printed since the last time.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_lock)
        {
            string[] taken = [.. _trees];
            _trees.Clear();
            return taken;
        }
    }

    public void OnNotice(object? sender, NpgsqlNoticeEventArgs arguments)
    {
        if (arguments.Notice is not { InvariantSeverity: "LOG", MessageText: "rewritten parse tree:" } notice)
            return;
        lock (_lock)
            _trees.Add(notice.Detail ?? "");
    }
}
