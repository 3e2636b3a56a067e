using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Observing;

/// <summary>All watches over one ground.</summary>
internal sealed class Watchtower : IAsyncDisposable
{
    private readonly List<IWatch> _watches = [];

    private Watchtower()
    {
    }

    /// <summary>Opens every watch and takes its bearings.</summary>
    /// <param name="entries">All of the run: what they name is watched.</param>
    /// <param name="tool">The process id of the published server; null where the tool runs in this process.</param>
    public static async Task<Watchtower> Raise(Ground ground, Credential credential, IReadOnlyList<Entry> entries, int? tool, CancellationToken cancellationToken)
    {
        var tower = new Watchtower();
        try
        {
            var attacked = ground.At(credential.Place);
            tower._watches.Add(await BystanderWatch.Open(attacked, credential, cancellationToken));
            tower._watches.Add(await LockWatch.Open(attacked, cancellationToken));
            tower._watches.Add(new MemoryWatch(tool, ground.Primary, ground.Standby));
            tower._watches.Add(new NetworkWatch());
            tower._watches.Add(await NotificationWatch.Open(ground.Primary, entries, cancellationToken));
            tower._watches.Add(new FileWatch(entries, ground.Primary, ground.Standby));
            tower._watches.Add(await StateWatch.Open(ground.Primary, ground.Standby, cancellationToken));
            tower._watches.Add(await WriteWatch.Open(ground.Primary, cancellationToken));
            tower._watches.Add(new LogWatch(ground.Primary, credential.Role));
            tower._watches.Add(new LogWatch(ground.Standby, credential.Role));
            var first = await tower.Look(cancellationToken);
            return first.Count == 0 ? tower : throw new InvalidOperationException($"The ground is not quiet: {string.Join("; ", first)}");
        }
        catch
        {
            await tower.DisposeAsync();
            throw;
        }
    }

    /// <summary>What happened since the last look.</summary>
    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        var sightings = new List<Sighting>();
        foreach (var watch in _watches)
        {
            try
            {
                sightings.AddRange(await watch.Look(cancellationToken));
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                sightings.Add(new Sighting(Sense.Sessions, $"{watch.GetType().Name} was cut off: {fault.Message}"));
            }
        }

        return sightings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _watches)
        {
            await watch.DisposeAsync();
        }
    }
}
