namespace SafeTools.IntegrationTests.Postgres.Support;

internal static class Retry
{
    /// <summary>What fails is sent again once, which must mend it.</summary>
    public static async Task<Reply> Once(Func<Task<Reply>> ask)
    {
        var first = await ask();
        if (first.IsExecuted)
        {
            return first;
        }

        var second = await ask();
        second.IsExecuted.Should().BeTrue($"{first}, then {second}");
        return second;
    }
}
