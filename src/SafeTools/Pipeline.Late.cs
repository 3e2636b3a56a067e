using System.Collections.Concurrent;

namespace SafeTools;

/// <summary>
/// Executions that take far longer than their tool allows. What is half done is not interrupted and nothing is done again: the action is unknown,
/// and as long as this process lives and is at work on it nobody asks whether it happened, because "not yet" would read as "no" (<see cref="Upkeep"/>).
/// </summary>
internal sealed partial class Pipeline
{
    private readonly ConcurrentDictionary<string, Task> _late = new(StringComparer.Ordinal);

    /// <summary>Ends when they have ended and that is written down.</summary>
    public Task Late() => Task.WhenAll(_late.Values);

    private async Task<Execution> Act(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var execution = await providers.Execute(ticket, read: false, progress, cancellationToken).ConfigureAwait(false);
        return execution is Execution.Unknown ? await providers.Probe(ticket, CancellationToken.None).ConfigureAwait(false) : execution;
    }

    private async Task EndLate(string actionId, Task<Execution> execution, Task told)
    {
        try
        {
            await told.ConfigureAwait(false);
            var end = await execution.ConfigureAwait(false);
            // "Unknown" could not be written down where the store was full: then it still stands as executing.
            var stored = await store.Get(actionId, CancellationToken.None).ConfigureAwait(false);
            if (end is not Execution.Unknown && stored is { Status: ActionStatus.Unknown or ActionStatus.Executing })
            {
                await End(stored, Records.Ended(stored, end)).ConfigureAwait(false);
            }
        }
        catch (StoreException fault)
        {
            // Upkeep asks the provider when the store can be used again.
            providers.Log(fault, $"late end of {actionId}");
        }
        finally
        {
            _late.TryRemove(actionId, out _);
        }
    }
}
