using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Providers;
using SafeTools.Server.Secrets;

namespace SafeTools.IntegrationTests.Crashes;

/// <summary>
/// The program as installed is killed (SIGKILL) before each of its changes of a file, one after the other until it comes to its end, and started again
/// on the same ground (DESIGN §8, promise 6). The points are the kernel's, so that code which is new has them too.
/// </summary>
[Collection(InstalledProgram.Collection)]
public sealed class CrashWalkTests(InstalledProgram installed)
{
    /// <summary>As many at once as there are cores on a small machine.</summary>
    private const int AtOnce = 2;

    private const int MostPoints = 300;

    /// <summary>
    /// After each so-manieth kill a real server starts on what is left; after the others the same <see cref="Server.Serving.Runtime"/> in this process,
    /// which costs a tenth.
    /// </summary>
    private const int RealRestart = 6;

    public static TheoryData<string> Names => [.. Stories.All.Select(story => story.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Story_KilledAtEveryPoint_LosesNothingAndDoesNothingTwice(string name)
    {
        var story = Stories.All.Single(one => one.Name == name);
        var next = 0;
        var ended = false;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (!Volatile.Read(ref ended))
            {
                var point = Interlocked.Increment(ref next);
                point.Should().BeLessThan(MostPoints, "a story ends");
                if (!await IsKilled(story, point))
                {
                    Volatile.Write(ref ended, true);
                }
            }
        }));
        next.Should().BeGreaterThan(AtOnce, "a story that changes nothing is none");
    }

    [Fact]
    public void Stories_TellOfEveryKindOfEntryAndEveryOperation()
    {
        // Refusals and what comes before and after something that is owed change nothing but the audit, and are recorded by the same one transaction as a refused call.
        AuditKind[] asCallRefused = [AuditKind.DecisionRefused, AuditKind.PolicyRefused, AuditKind.UnfreezeRefused, AuditKind.ObligationBegun, AuditKind.ObligationEnded];
        AuditKind[] before = [AuditKind.StoreCreated, AuditKind.PolicySigned];
        Stories.All.SelectMany(story => story.Kinds).Concat(asCallRefused).Concat(before).Should().Contain(Enum.GetValues<AuditKind>());

        ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets()).Single(provider => provider.Name == "localvolume").Operations
            .Where(operation => operation.Floor != Effect.Read).Select(operation => operation.Name)
            .Should().BeEquivalentTo(Stories.Operations.Keys);
        Stories.All.Select(story => story.Name).Should().Contain(Stories.Operations.Values);
    }

    private async Task<bool> IsKilled(Story story, int point)
    {
        using var ground = await Ground.Create(installed.Program);
        await story.Prepare(ground);
        if (story.Verb is null)
        {
            await Serve(story, ground, point);
        }
        else
        {
            await Type(story, ground, point);
        }

        var points = File.Exists(ground.Points) ? await File.ReadAllTextAsync(ground.Points) : "";
        try
        {
            await Recovered(story, ground, point);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{story.Name}, killed at {point}: {fault.Message}\n{points}", fault);
        }

        return ground.Killed;
    }

    private static async Task Serve(Story story, Ground ground, int point)
    {
        if (story.FromStart)
        {
            ground.CountFromStart();
        }

        await using var session = RawSession.Start(SafeToolsProgram.Start(ground.Traced(point, ["serve", .. ground.Workspace.Options]), Path.Combine(ground.Workspace.Folder, "tmp")));
        try
        {
            await session.Greet("2025-11-25");
            await ground.Count();
            var acting = story.Act!(ground, session);
            // What waits for the store to change would wait for a dead process.
            await Task.WhenAny(acting, session.Exit());
            ground.Over = ground.Killed;
            await acting;
            if (!ground.Killed)
            {
                await session.HangUp();
            }
        }
        catch (Exception fault) when (fault is IOException && ground.Killed)
        {
            // It died in the middle, as it should.
        }
    }

    private static async Task Type(Story story, Ground ground, int point)
    {
        var (arguments, talk) = story.Verb!(ground);
        if (talk.Length == 0)
        {
            ground.CountFromStart();
        }

        await using var typist = Typist.Start(ground.Workspace, command => ground.Traced(point, command.Skip(SafeToolsProgram.CommandLine([]).Count)), arguments);
        try
        {
            foreach (var (question, answer) in talk)
            {
                await typist.Answer(question, answer, ground.Count);
            }
        }
        catch (InvalidOperationException) when (ground.Killed)
        {
            // It died before it asked.
        }

        await typist.End();
    }

    /// <summary>Goes on with what the dead one left, and holds what comes of it to what is promised.</summary>
    private static async Task Recovered(Story story, Ground ground, int point)
    {
        if (point % RealRestart == 0)
        {
            await using var session = await RawSession.Open(ground.Workspace);
            await Eventually.Get(ground.Workspace.Actions, actions => Settled(story, actions));
            (await session.HangUp()).Should().Be(0);
            session.StandardError.Should().NotContain("fail:").And.NotContain("Exception");
        }

        await ground.Settle(actions => Settled(story, actions));
        var actions = await ground.Workspace.Actions();
        await story.Check(ground, actions);

        var audit = await ground.Workspace.Audit();
        foreach (var action in actions)
        {
            audit.Count(entry => entry.ActionId == action.Id && entry.Kind == "action.claimed").Should().BeLessThanOrEqualTo(1);
            audit.Count(entry => entry.ActionId == action.Id && entry.Kind == "action.ended").Should().BeLessThanOrEqualTo(1);
            ActionHistory.Edited(action, [.. audit.Where(entry => entry.ActionId == action.Id)]).Should().BeNull();
        }

        foreach (var told in ground.Told.Select(answer => answer["action"]).OfType<JsonObject>())
        {
            var kept = actions.Single(action => action.Id == told["id"]!.GetValue<string>());
            if (told["status"]!.GetValue<string>() == "succeeded")
            {
                kept.Status.Should().Be(ActionStatus.Succeeded, "the client was told so");
            }
        }

        if (!ground.Killed && story.Kinds.Count > 0)
        {
            audit.Select(entry => entry.Kind).Should().Contain(story.Kinds.Select(kind => kind.Word()));
        }

        (await ground.Workspace.Verified()).Should().BeNull();
    }

    /// <summary>Nothing that was begun or decided is left hanging; unknown is only what these folders cannot tell.</summary>
    private static bool Settled(Story story, IReadOnlyList<StoredAction> actions) => actions.All(action =>
        action.Status is not (ActionStatus.Executing or ActionStatus.Approved) && (action.Status != ActionStatus.Unknown || story.MayStayUnknown));
}
