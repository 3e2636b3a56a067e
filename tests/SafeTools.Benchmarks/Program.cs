using SafeTools.Benchmarks;

// Two programs side by side: SafeTools.Benchmarks ROUNDS OURS THEIRS, each a command line with spaces between arguments.
if (args is not [var rounds, var ours, var theirs] || !int.TryParse(rounds, out var count) || count < 1)
{
    Console.Error.WriteLine("usage: SafeTools.Benchmarks ROUNDS OURS THEIRS");
    return 2;
}

var (first, second) = Startup.Compare(count, ours.Split(' '), theirs.Split(' '));
Console.WriteLine($"safetools            {first.TotalMilliseconds:F0} ms");
Console.WriteLine($"generic-host sample  {second.TotalMilliseconds:F0} ms");
Console.WriteLine($"ratio {first / second:F2}");
return 0;
