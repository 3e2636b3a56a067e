using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>How an execution, or the search for one, ended.</summary>
public abstract record Execution
{
    private Execution()
    {
    }

    /// <summary>It happened.</summary>
    /// <param name="Data">What the agent gets: data from infrastructure, bounded by the request's limits.</param>
    public sealed record Done(JsonObject Data) : Execution
    {
        /// <summary>How to take it back; null for reads and for what cannot be taken back.</summary>
        public UndoOffer? Undo { get; init; }

        /// <summary>The operation that mends what a read found (a diagnosis); the answer names the asker's tool of it on the same resource, if it has one.</summary>
        public string? NextOperation { get; init; }
    }

    /// <summary>It did not happen, and nothing was changed.</summary>
    public sealed record Failed(Refusal Why) : Execution;

    /// <summary>It may or may not have happened.</summary>
    public sealed record Unknown(Refusal Why) : Execution;
}
