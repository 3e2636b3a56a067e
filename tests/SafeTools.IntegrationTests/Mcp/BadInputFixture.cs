using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>One server for all bad input: it must outlive every line of it.</summary>
public sealed class BadInputFixture : IAsyncLifetime
{
    private Human _human = null!;

    internal Workspace Workspace { get; } = Workspace.Create();

    internal RawSession Session { get; private set; } = null!;

    internal string Ground { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _human = await Human.Genesis(Workspace);
        Session = await RawSession.Open(Workspace);
        Ground = Workspace.GroundDigest();
    }

    public async Task DisposeAsync()
    {
        await Session.DisposeAsync();
        _human.Dispose();
        Workspace.Dispose();
    }
}
