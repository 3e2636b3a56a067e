namespace SafeTools;

/// <summary>Everything open, one row at a time: a row that somebody made unreadable stands aside alone, and the others go on.</summary>
/// <param name="Read">Newest first.</param>
/// <param name="Unreadable">Ids of rows that do not hold what a store holds; nothing is ever done with them (ST1803).</param>
internal sealed record OpenActions(IReadOnlyList<StoredAction> Read, IReadOnlyList<string> Unreadable)
{
    public static async Task<OpenActions> Of(IStore store, CancellationToken cancellationToken)
    {
        var (read, unreadable) = (new List<StoredAction>(), new List<string>());
        foreach (var id in await store.OpenIds(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                if (await store.Get(id, cancellationToken).ConfigureAwait(false) is { } action)
                {
                    read.Add(action);
                }
            }
            catch (StoreException fault) when (fault.Refusal.Code == RefusalCatalog.AuditBroken)
            {
                unreadable.Add(id);
            }
        }

        return new OpenActions(read, unreadable);
    }
}
