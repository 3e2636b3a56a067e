using SafeTools.Corpus.Asking;

namespace SafeTools.Corpus.Judging;

/// <summary>What stopped a statement, as far as its refusal tells.</summary>
internal enum Layer
{
    /// <summary>Length and nesting before anything is sent, and what it would cost before anything runs.</summary>
    Caps,

    /// <summary>The server's analysis and the allow list.</summary>
    ParseGate,

    /// <summary>The credential's rights, and masked columns.</summary>
    Privileges,

    /// <summary>A value that the statement could not compute while it ran.</summary>
    Execution,

    /// <summary>Time, rows, bytes.</summary>
    Limits,

    /// <summary>Nothing: it was answered.</summary>
    Answered,

    /// <summary>Something else, which is a failure.</summary>
    Other,
}

internal static class Layers
{
    private static readonly Dictionary<string, Layer> Codes = new()
    {
        [RefusalCatalog.ArgumentOutOfBounds.Id] = Layer.Caps,
        [RefusalCatalog.StatementTooCostly.Id] = Layer.Caps,
        [RefusalCatalog.NotOneStatement.Id] = Layer.ParseGate,
        [RefusalCatalog.NotARead.Id] = Layer.ParseGate,
        [RefusalCatalog.InvalidStatement.Id] = Layer.ParseGate,
        [RefusalCatalog.NotOnTheAllowList.Id] = Layer.ParseGate,
        [RefusalCatalog.NotReadable.Id] = Layer.Privileges,
        [RefusalCatalog.ValueNotComputed.Id] = Layer.Execution,
        [RefusalCatalog.TimedOut.Id] = Layer.Limits,
    };

    public static Layer Of(Answer answer) =>
        answer.Outcome == Answer.Executed ? Layer.Answered : answer.Code is { } code ? Codes.GetValueOrDefault(code, Layer.Other) : Layer.Other;
}
