using System.Globalization;

namespace SafeTools.Server.Serving;

/// <summary>Which principal a user of the operating system is, by the policy that holds at the moment of asking.</summary>
/// <param name="find">A user's number by name or number; null for an unknown name.</param>
/// <param name="server">The number of the user that serves.</param>
internal sealed class LocalUsers(Func<string, uint?> find, uint server)
{
    private volatile Resolved _resolved = new(null, []);

    /// <summary>Null: <paramref name="principal"/> is who the user is. Else the refusal, in words for a client.</summary>
    public Refusal? Who(uint user, Policy policy, out string principal)
    {
        principal = "";
        if (user == server || user == 0)
        {
            return RefusalCatalog.NotAClient.Because("The server's own user and root are no clients: nothing could be kept from them.");
        }

        var found = Of(policy).Where(entry => entry.User == user).Select(entry => entry.Principal).Distinct(StringComparer.Ordinal).ToArray();
        if (found is [var one])
        {
            principal = one;
            return null;
        }

        var number = user.ToString(CultureInfo.InvariantCulture);
        return RefusalCatalog.NotAClient.Because(found.Length == 0
            ? $"The accepted policy names no principal for user {number} of the operating system."
            : $"The accepted policy gives user {number} of the operating system to several principals, so it is none.");
    }

    /// <summary>What is wrong with the users that a policy names, in words for the person who starts the server; null where nothing is.</summary>
    public string? Fault(Policy policy)
    {
        var users = Of(policy);
        if (users.FirstOrDefault(entry => entry.User == server || entry.User == 0) is { Principal: { } named } entry)
        {
            return $"The principal '{named}' has the OS user '{entry.Written}', who is {(entry.User == 0 ? "root" : "the user that serves")}: nothing could be kept from that client. Serve as a user of its own, or remove it from os_users and run safetools accept.";
        }

        if (users.GroupBy(one => one.User).FirstOrDefault(group => group.Select(one => one.Principal).Distinct(StringComparer.Ordinal).Count() > 1) is { } twice)
        {
            return $"safetools.yaml gives user {twice.Key} of the operating system to several principals ({string.Join(", ", twice.Select(one => $"{one.Principal}: {one.Written}"))}). Leave it with one, and run safetools accept.";
        }

        return users.Count > 0
            ? null
            : "The accepted policy names no user of this system, so nobody could connect. Give a principal its os_users in safetools.yaml, and run safetools accept.";
    }

    /// <summary>Names in the policy that no user has.</summary>
    public IReadOnlyList<string> Unknown(Policy policy) => [.. policy.Principals.Values.SelectMany(principal => principal.OsUsers).Where(user => find(user) is null)];

    /// <summary>Looked up once for each policy: a user database may be far away, and a call must not wait for it.</summary>
    private IReadOnlyList<Mapped> Of(Policy policy)
    {
        var resolved = _resolved;
        if (!ReferenceEquals(resolved.Policy, policy))
        {
            _resolved = resolved = new Resolved(policy, [.. policy.Principals.Values.SelectMany(principal => principal.OsUsers
                .Select(written => (Written: written, User: find(written)))
                .Where(one => one.User is not null)
                .Select(one => new Mapped(one.User!.Value, principal.Name, one.Written)))]);
        }

        return resolved.Users;
    }

    private sealed record Mapped(uint User, string Principal, string Written);

    private sealed record Resolved(Policy? Policy, IReadOnlyList<Mapped> Users);
}
