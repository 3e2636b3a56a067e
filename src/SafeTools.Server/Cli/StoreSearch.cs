using SafeTools.Server.Serving;
using SafeTools.Server.State;

namespace SafeTools.Server.Cli;

/// <summary>
/// Finds the store that holds an action, so that the command an agent passes on to a human works from any folder and needs no path.
/// </summary>
internal static class StoreSearch
{
    /// <summary>Null where none of the user's stores holds it.</summary>
    public static async Task<Locations?> Find(string actionId, CancellationToken cancellationToken)
    {
        foreach (var folder in Locations.StateFolders.Where(folder => File.Exists(Path.Combine(folder, StoreFolder.FileName))))
        {
            try
            {
                var store = await SqliteStore.Open(folder, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                await using var _ = store.ConfigureAwait(false);
                if (await store.Get(actionId, cancellationToken).ConfigureAwait(false) is not null
                    && await store.Policies(cancellationToken).ConfigureAwait(false) is [.., var newest])
                {
                    return new Locations(Path.Combine(PolicyDocument.Source(newest.Document).BaseFolder, PolicySource.ConfigurationName), folder);
                }
            }
            catch (Exception fault) when (fault is StoreException or FormatException)
            {
                // Somebody else's, damaged or newer: not the one that is looked for.
            }
        }

        return null;
    }
}
