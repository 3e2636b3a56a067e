using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Http;

/// <summary>One server over HTTP for all bad input: it must outlive every request of it.</summary>
public sealed class HttpFixture : IAsyncLifetime
{
    private Human _human = null!;

    internal Workspace Workspace { get; } = Workspace.Create();

    internal HttpServer Server { get; private set; } = null!;

    internal string Ground { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _human = await Human.Genesis(Workspace);
        Server = await HttpServer.Start(Workspace);
        Ground = Workspace.GroundDigest();
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _human.Dispose();
        Workspace.Dispose();
    }

    /// <summary>The next request is served, and nothing changed.</summary>
    internal async Task Unharmed()
    {
        (await Server.Requests.Call("describe_access", []))["outcome"]!.GetValue<string>().Should().Be("executed", "the next request is served");
        Workspace.GroundDigest().Should().Be(Ground, "nothing changed");
    }
}
