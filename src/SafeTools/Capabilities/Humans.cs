namespace SafeTools;

/// <summary>The person at the command line. Not an agent, so no grants: it may ask for undos of whatever was done, and nothing else.</summary>
internal static class Humans
{
    public static Principal Principal { get; } = new("human", [], null);
}
