namespace SafeTools.Server.Serving;

/// <summary>
/// Connections of which it is not settled yet whether they come in: few for each user and few in all, so that whoever is refused, or never lets go,
/// takes neither files nor memory from those who are served.
/// </summary>
internal sealed class Doorway
{
    public const int MostOfOneUser = 40;
    public const int MostInAll = 160;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, int> _waiting = [];
    private int _all;

    /// <summary>False: the connection is closed without a word.</summary>
    public bool TryEnter(uint user)
    {
        lock (_gate)
        {
            var own = _waiting.GetValueOrDefault(user);
            if (own >= MostOfOneUser || _all >= MostInAll)
            {
                return false;
            }

            (_waiting[user], _all) = (own + 1, _all + 1);
            return true;
        }
    }

    public void Leave(uint user)
    {
        lock (_gate)
        {
            _all--;
            if (--_waiting[user] == 0)
            {
                _waiting.Remove(user);
            }
        }
    }
}
