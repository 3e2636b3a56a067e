namespace SafeTools.Server.Cli;

/// <summary>What the shell is told (DESIGN §6).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Found = 1;
    public const int Usage = 2;
    public const int Refused = 3;
}
