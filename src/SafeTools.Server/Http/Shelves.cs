using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Http;

/// <summary>A shelf for each principal that has called, shared by all its sessions and requests. As many as the policy ever had principals, at most.</summary>
internal sealed class Shelves(Runtime runtime) : IStandingFollower
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ToolShelf> _shelves = new(StringComparer.Ordinal);
    private Standing? _standing;

    /// <param name="principal">One of the accepted policy's.</param>
    public ToolShelf Of(string principal)
    {
        lock (_gate)
        {
            if (!_shelves.TryGetValue(principal, out var shelf))
            {
                _shelves.Add(principal, shelf = runtime.Shelf(principal));
                if (_standing is { } standing)
                {
                    shelf.Follow(standing);
                }
            }

            return shelf;
        }
    }

    public void Follow(Standing standing)
    {
        ToolShelf[] shelves;
        lock (_gate)
        {
            _standing = standing;
            shelves = [.. _shelves.Values];
        }

        foreach (var shelf in shelves)
        {
            shelf.Follow(standing);
        }
    }
}
