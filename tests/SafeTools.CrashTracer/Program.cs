namespace SafeTools.CrashTracer;

/// <summary>
/// Runs a program and kills it (SIGKILL) just before its N-th change of a file, counted over all threads. Arguments: N, a file whose existence
/// starts the count, a file that gets a line for each point, the folder whose files count, then the program and its arguments.
/// Standard streams are the program's. A child process of the tests, because its ptrace(2) and wait(2) must not meet those of the test host.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        using var log = new StreamWriter(arguments[2], append: true) { AutoFlush = true };
        return new Tracer(new KillPoint(int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture), arguments[1], log, arguments[3])).Run(arguments[4..]);
    }
}
