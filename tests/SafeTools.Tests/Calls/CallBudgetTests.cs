using SafeTools.Tests.Support;

namespace SafeTools.Tests.Calls;

public class CallBudgetTests
{
    private readonly FakeClock _clock = new();
    private readonly ToolSpec _tool = Sample.Tool(SampleProvider.Look) with { CallsPerMinute = 2 };

    [Fact]
    public void Take_MoreThanAllowed_SaysHowLongToWait()
    {
        var budget = new CallBudget(_clock);
        budget.Take("a", _tool).Should().BeNull();
        _clock.Advance(TimeSpan.FromSeconds(20));
        budget.Take("a", _tool).Should().BeNull();
        budget.Take("a", _tool).Should().Be(RefusalCatalog.TooManyCalls.Because("'tool' allows 2 calls a minute. Try again in 40 seconds."));
    }

    [Fact]
    public void Take_AfterAMinute_IsAllowedAgainOneByOne()
    {
        var budget = new CallBudget(_clock);
        budget.Take("a", _tool);
        _clock.Advance(TimeSpan.FromSeconds(30));
        budget.Take("a", _tool);
        _clock.Advance(TimeSpan.FromSeconds(30));
        budget.Take("a", _tool).Should().BeNull();
        budget.Take("a", _tool).Should().NotBeNull();
    }

    [Fact]
    public void Take_RefusedCalls_DoNotCount()
    {
        var budget = new CallBudget(_clock);
        for (var call = 0; call < 10; call++)
        {
            budget.Take("a", _tool);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        budget.Take("a", _tool).Should().BeNull();
    }

    [Fact]
    public void Take_AnotherPrincipalOrTool_HasItsOwn()
    {
        var budget = new CallBudget(_clock);
        budget.Take("a", _tool);
        budget.Take("a", _tool);
        budget.Take("b", _tool).Should().BeNull();
        budget.Take("a", _tool with { Name = "other" }).Should().BeNull();
    }

    [Fact]
    public void Take_ToolWithoutALimit_IsAlwaysAllowed()
    {
        var budget = new CallBudget(_clock);
        Enumerable.Range(0, 1000).All(_ => budget.Take("a", _tool with { CallsPerMinute = null }) is null).Should().BeTrue();
    }
}
