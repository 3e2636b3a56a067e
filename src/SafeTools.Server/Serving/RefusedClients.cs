using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SafeTools.Server.Serving;

/// <summary>Says who was refused, once a minute for each user at most: a log that anybody can fill would fill the disk, and with it the store.</summary>
internal sealed class RefusedClients(ILogger log, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, (long Said, int Since)> _users = [];

    public void Say(uint user, Refusal why)
    {
        int since;
        lock (_gate)
        {
            var known = _users.TryGetValue(user, out var before);
            if (known && clock.GetElapsedTime(before.Said) < Interval)
            {
                _users[user] = (before.Said, before.Since + 1);
                return;
            }

            since = before.Since;
            _users[user] = (clock.GetTimestamp(), 0);
        }

        log.LogWarning(
            "Refused {User}: {Code} {Why}{More}",
            SystemUsers.Name(user), why.Code.Id, why.Message, since == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" So were {since} more since this was said."));
    }
}
