namespace SafeTools.Corpus.Asking;

/// <summary>The tool <c>query_shop</c>, wherever it runs.</summary>
internal interface ITool : IAsyncDisposable
{
    /// <summary>The process it runs in; null where that is this one.</summary>
    int? ProcessId { get; }

    /// <summary>Sends one statement and waits for the answer, at most for <see cref="Patience"/>.</summary>
    Task<Answer> Ask(string sql, CancellationToken cancellationToken);

    /// <summary>Far beyond any limit: who is silent for so long hangs.</summary>
    static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
