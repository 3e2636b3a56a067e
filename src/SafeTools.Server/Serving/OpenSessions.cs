namespace SafeTools.Server.Serving;

/// <summary>The clients on the socket, bounded in all and for each user, so that one user's clients leave room for the others'.</summary>
internal sealed class OpenSessions : IStandingFollower
{
    public const int MostOfOneUser = 32;
    public const int MostInAll = 128;

    private readonly Lock _gate = new();
    private readonly List<SocketSession> _open = [];

    /// <summary>Null: it counts until it is removed.</summary>
    public Refusal? Add(SocketSession session)
    {
        lock (_gate)
        {
            if (_open.Count >= MostInAll)
            {
                return RefusalCatalog.TooManyConnections.Because($"This server has {MostInAll} clients, and takes no more.");
            }

            if (_open.Count(other => other.User == session.User) >= MostOfOneUser)
            {
                return RefusalCatalog.TooManyConnections.Because($"This user has {MostOfOneUser} clients here, and may have no more.");
            }

            _open.Add(session);
            return null;
        }
    }

    public void Remove(SocketSession session)
    {
        lock (_gate)
        {
            _open.Remove(session);
        }
    }

    public void Follow(Standing standing)
    {
        SocketSession[] open;
        lock (_gate)
        {
            open = [.. _open];
        }

        foreach (var session in open)
        {
            session.Follow(standing);
        }
    }
}
