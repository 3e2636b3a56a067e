using FsCheck;
using FsCheck.Fluent;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Actions;

/// <summary>
/// Random walks through everything that people, agents, time, crashes and forgers can do to actions, over the real pipeline and store.
/// After each step, what must never happen has not happened.
/// </summary>
public class ActionLifeWalk
{
    [Fact]
    public void AnyWalk_KeepsThePromises() =>
        Prop.ForAll(Gen.Choose(0, Walker.Steps - 1).ArrayOf(60).ToArbitrary(), steps =>
        {
            var fault = Walk(steps).GetAwaiter().GetResult();
            return (fault is null).Label($"{fault} in {string.Join(' ', steps)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    /// <summary>A walk by hand through the main road, so that the property is known to reach executions.</summary>
    [Fact]
    public async Task TheMainRoad_Executes()
    {
        await using var here = await Installation.Start();
        var walker = new Walker(here);
        foreach (var step in new[] { Walker.RecoveryPoint, Walker.AskDrop, Walker.ApproveByAlice, Walker.Turn })
        {
            (await walker.Step(step)).Should().BeNull();
        }

        here.Provider.Executed.Should().Be(1);
    }

    private static async Task<string?> Walk(int[] steps)
    {
        await using var here = await Installation.Start();
        var walker = new Walker(here);
        foreach (var step in steps)
        {
            if (await walker.Step(step) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
