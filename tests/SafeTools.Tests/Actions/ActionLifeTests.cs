namespace SafeTools.Tests.Actions;

public class ActionLifeTests
{
    /// <summary>Every step there is; whatever is not here is not allowed.</summary>
    private static readonly string[] Steps =
    [
        "pending approved", "pending rejected", "pending expired", "pending withdrawn", "pending stale",
        "approved executing", "approved pending", "approved expired", "approved rejected", "approved withdrawn",
        "executing succeeded", "executing failed", "executing unknown", "executing stale", "executing expired",
        "unknown succeeded", "unknown failed",
    ];

    [Fact]
    public void Allows_EveryPair_IsWhatTheTableSays()
    {
        var all = Enum.GetValues<ActionStatus>();
        all.SelectMany(from => all.Where(to => ActionLife.Allows(from, to)).Select(to => $"{from.Word()} {to.Word()}")).Should().BeEquivalentTo(Steps);
    }

    [Fact]
    public void IsOpen_Exactly_WhatHasAStepLeft()
    {
        var all = Enum.GetValues<ActionStatus>();
        all.Should().OnlyContain(status => ActionLife.IsOpen(status) == all.Any(to => ActionLife.Allows(status, to)));
    }

    [Fact]
    public void Parse_OwnWords_ReadBackAndOthersThrow()
    {
        Enum.GetValues<ActionStatus>().Should().OnlyContain(status => ActionLife.Parse(status.Word()) == status);
        var parse = () => ActionLife.Parse("Approved");
        parse.Should().Throw<FormatException>();
    }
}
