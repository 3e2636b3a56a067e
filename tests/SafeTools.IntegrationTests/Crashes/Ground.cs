using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Serving;

namespace SafeTools.IntegrationTests.Crashes;

/// <summary>A workspace for one kill: what was prepared in this process before, and what the killed one told before it died.</summary>
internal sealed class Ground : IDisposable
{
    private const string Purge =
        """
        tool: purge_scratch_volume
        title: Purge
        description: Purges.
        operation: localvolume.purge
        resource: scratch
        environment: staging
        effect: irreversible
        limits: { time: 30s, calls: 30/min }

        """;

    private const string Restore =
        """
        tool: restore_scratch_volume
        title: Restore
        description: Restores.
        operation: localvolume.restore
        resource: scratch
        environment: staging
        effect: reversible
        limits: { time: 30s, calls: 30/min }

        """;

    private readonly string _program;

    private Ground(Workspace workspace, string program) => (Workspace, _program) = (workspace, program);

    public Workspace Workspace { get; }

    public Human Human { get; private set; } = null!;

    /// <summary>The actions that the story is about, by the names it gives them.</summary>
    public Dictionary<string, string> Ids { get; } = [];

    /// <summary>Answers that really reached the client.</summary>
    public List<JsonObject> Told { get; } = [];

    /// <summary>The server is dead: nobody waits for what it would have done.</summary>
    public bool Over { get; set; }

    public string Armed => Path.Combine(Workspace.Folder, "armed");

    public string Points => Path.Combine(Workspace.Folder, "points.log");

    public bool Killed => File.Exists(Points) && File.ReadAllText(Points).Contains("KILLED", StringComparison.Ordinal);

    /// <param name="program">What dies.</param>
    public static async Task<Ground> Create(string program)
    {
        var ground = new Ground(Workspace.Create(), program);
        ground.Workspace.Write("workspace/tool-specs/scratch/purge_scratch_volume.yaml", Purge);
        ground.Workspace.Write("workspace/tool-specs/scratch/restore_scratch_volume.yaml", Restore);
        ground.Workspace.Edit("- delete_scratch_volume@staging", "- delete_scratch_volume@staging\n      - purge_scratch_volume@staging\n      - restore_scratch_volume@staging");
        ground.Human = await Human.GenesisWithKeyFile(ground.Workspace);
        return ground;
    }

    /// <summary>A server, or a verb, that dies at the given point.</summary>
    public IReadOnlyList<string> Traced(int point, IEnumerable<string> arguments) =>
    [
        // The runtime's own files in the temporary folder are no changes of ours.
        "env", "DOTNET_EnableDiagnostics=0", SafeToolsProgram.CommandLine([])[0], Path.Combine(AppContext.BaseDirectory, "SafeTools.CrashTracer.dll"),
        point.ToString(System.Globalization.CultureInfo.InvariantCulture), Armed, Points, Workspace.Folder, _program, .. arguments,
    ];

    /// <summary>From here on each change of a file is a point. Counting has begun when this ends.</summary>
    public async Task Count()
    {
        await File.WriteAllTextAsync(Armed, "");
        await Eventually.Get(() => Task.FromResult(File.Exists(Points) && File.ReadAllText(Points).Contains("counting", StringComparison.Ordinal)), counting => counting);
    }

    /// <summary>As <see cref="Count"/>, before the program is started.</summary>
    public void CountFromStart() => File.WriteAllText(Armed, "");

    /// <summary>Calls as an agent in this process, before the story begins; what is approved is carried out too.</summary>
    public Task<string> Ask(string name, string tool, JsonObject arguments) => With(async runtime =>
    {
        var outcome = await runtime.Pipeline.Run(new Call("local", tool, Elements(arguments)), new Progress<ProviderProgress>(), CancellationToken.None);
        return Ids[name] = Of(outcome);
    });

    public Task<string> Undo(string name, string undone) => With(async runtime =>
        Ids[name] = Of(await runtime.Pipeline.Undo("local", Ids[undone], null, new Progress<ProviderProgress>(), CancellationToken.None)));

    /// <summary>A call in this process, whatever comes of it.</summary>
    public Task<Outcome> Try(string tool, JsonObject arguments) =>
        With(runtime => runtime.Pipeline.Run(new Call("local", tool, Elements(arguments)), new Progress<ProviderProgress>(), CancellationToken.None));

    public Task Want(string name) => With(async runtime =>
    {
        await runtime.Store.WantPreview(Ids[name], CancellationToken.None);
        return true;
    });

    /// <summary>What the upkeep of a server that starts does, round after round until nothing is left to do.</summary>
    public Task Settle(Func<IReadOnlyList<StoredAction>, bool> settled) => With(async runtime =>
    {
        var upkeep = runtime.Upkeep(new Progress<ProviderProgress>());
        const int mostRounds = 10;
        for (var round = 0; round < mostRounds; round++)
        {
            await upkeep.Turn(CancellationToken.None);
            await upkeep.Idle();
        }

        var actions = await runtime.Store.List(principal: null, open: true, most: 1000, CancellationToken.None);
        settled(actions).Should().BeTrue($"all is settled: {string.Join(", ", actions.Select(action => action.Status))}");
        return true;
    });

    public async Task Approve(string name, bool execute)
    {
        await Human.Approve(Ids[name]);
        if (execute)
        {
            (await With(runtime => runtime.Pipeline.Perform(Ids[name], new Progress<ProviderProgress>(), CancellationToken.None))).Should().BeOfType<Outcome.Executed>();
        }
    }

    public async Task<string> Tell(RawSession session, string tool, JsonObject arguments)
    {
        var answer = await session.Call(tool, arguments);
        Told.Add(answer);
        return answer["action"]?["id"]?.GetValue<string>() ?? "";
    }

    public void Dispose()
    {
        Human.Dispose();
        Workspace.Dispose();
    }

    private static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Executed { Action: { } done } => done.Id,
        Outcome.Proposed proposed => proposed.Action.Id,
        _ => throw new InvalidOperationException(outcome.ToString()),
    };

    private static Dictionary<string, JsonElement> Elements(JsonObject arguments) =>
        arguments.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal);

    private async Task<T> With<T>(Func<Runtime, Task<T>> work)
    {
        var runtime = await Runtime.Open(Workspace.Locations, TimeProvider.System, (_, _) => { }, CancellationToken.None);
        await using var _ = runtime;
        return await work(runtime);
    }
}
