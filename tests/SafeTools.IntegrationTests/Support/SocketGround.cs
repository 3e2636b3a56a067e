namespace SafeTools.IntegrationTests.Support;

/// <summary>A workspace that belongs to the serving user, with its policy accepted, and a folder for the socket that the agent can pass through.</summary>
internal sealed class SocketGround : IDisposable
{
    private readonly TwoUsers _users;

    private SocketGround(TwoUsers users, Workspace workspace, Human human) => (_users, Workspace, Human) = (users, workspace, human);

    public Workspace Workspace { get; }

    public Human Human { get; }

    public string SocketFolder => Path.Combine(Workspace.Folder, "run");

    public string Socket => Path.Combine(SocketFolder, "s.sock");

    /// <param name="agents">What stands under <c>os_users</c>; the agent where nothing is said.</param>
    public static async Task<SocketGround> Create(TwoUsers users, string? agents = null)
    {
        var workspace = Workspace.Create();
        workspace.Edit("  local:\n", $"  local:\n    os_users: [{agents ?? users.Agent}]\n");
        var human = await Human.GenesisWithKeyFile(workspace);
        var ground = new SocketGround(users, workspace, human);
        Directory.CreateDirectory(ground.SocketFolder);
        await TwoUsers.Own(users.Server, workspace.Folder);
        // Traversable; what is secret has modes of its own.
        (await TwoUsers.Run("chmod", "0711", workspace.Folder)).ExitCode.Should().Be(0);
        return ground;
    }

    /// <summary>Makes a change in the files count, as the approver would; what this process writes belongs to the serving user again.</summary>
    public async Task Accept()
    {
        await TwoUsers.Own("root", Workspace.State);
        try
        {
            (await Human.Accept()).Should().BeNull();
        }
        finally
        {
            await TwoUsers.Own(_users.Server, Workspace.State);
        }
    }

    /// <summary>The server, run by its own user; waited for until it says that it serves.</summary>
    public async Task<RawSession> Serve(IEnumerable<KeyValuePair<string, string>>? variables = null)
    {
        var server = RawSession.Start(Start(variables));
        await Eventually.Get(() => Task.FromResult(server.StandardError), said => said.Contains("A client's command", StringComparison.Ordinal) || server.HasEnded);
        server.StandardError.Should().Contain("Serving policy");
        return server;
    }

    public System.Diagnostics.ProcessStartInfo Start(IEnumerable<KeyValuePair<string, string>>? variables = null, string? socket = null) => SafeToolsProgram.Start(
        _users.SafeTools(_users.Server, ["serve", "--socket", socket ?? Socket, .. Workspace.Options]), Path.Combine(Workspace.Folder, "tmp"), variables);

    /// <summary>What a start that must fail says.</summary>
    public Task<Ended> Fail(string? socket = null, IEnumerable<KeyValuePair<string, string>>? variables = null) => SafeToolsProgram.Run(Start(variables, socket));

    /// <summary>A client as its editor would start it.</summary>
    public RawSession Connect(string? user = null) => RawSession.Start(SafeToolsProgram.Start(
        _users.SafeTools(user ?? _users.Agent, "connect", $"unix:{Socket}"), "/tmp", [new("TMPDIR", "/tmp")]));

    public void Dispose()
    {
        Human.Dispose();
        Workspace.Dispose();
    }
}
