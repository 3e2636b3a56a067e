using System.Globalization;
using static SafeTools.CrashTracer.SystemCalls;

namespace SafeTools.CrashTracer;

/// <summary>Counts changes of files, and says when it is time to die. Runs of writes into one file count once, at the first.</summary>
internal sealed class KillPoint(int wanted, string armed, TextWriter log, string folder)
{
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int Truncate = 0x200;
    private const ulong FileClone = 0x40049409;
    private const ulong FileCloneRange = 0x4020940D;
    private int _passed;
    private string? _writing;

    public bool IsArmed => File.Exists(armed);

    /// <summary>Tells whoever waits that nothing passes uncounted any more.</summary>
    public void Counts() => log.WriteLine("counting");

    /// <summary>Whether the process dies instead of entering this call.</summary>
    public bool Strikes(int process, uint architecture, ulong number, ReadOnlySpan<ulong> arguments)
    {
        if (Find(architecture, number) is not { } call || Target(call, process, arguments) is not { } target)
        {
            return false;
        }

        var writing = call.Kind is Kind.Write or Kind.CopyRange && target != "answer" ? target : null;
        if (writing is not null && writing == _writing)
        {
            return false;
        }

        _writing = writing;
        _passed++;
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_passed} {call.Name} {target}{(_passed == wanted ? " KILLED" : "")}"));
        return _passed == wanted;
    }

    /// <summary>What changes; null where nothing does that counts.</summary>
    private string? Target(Call call, int process, ReadOnlySpan<ulong> arguments) => call.Kind switch
    {
        Kind.Write => Opened(process, arguments[0]),
        Kind.CopyRange => Opened(process, arguments[2]),
        Kind.Control => arguments[1] is FileClone or FileCloneRange ? Opened(process, arguments[0]) : null,
        Kind.OnFile => Opened(process, arguments[0]),
        Kind.OnPath => "by path",
        Kind.Open => (arguments[1] & (Create | Truncate)) != 0 ? "by path" : null,
        Kind.OpenAt => (arguments[2] & (Create | Truncate)) != 0 && (arguments[2] & (WriteOnly | ReadWrite)) != 0 ? "by path" : null,
        _ => throw new NotSupportedException(),
    };

    private string? Opened(int process, ulong descriptor)
    {
        if (descriptor == 1)
        {
            return "answer";
        }

        var link = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}")).LinkTarget;
        return link is not null && link.StartsWith(folder + "/", StringComparison.Ordinal) ? link[(folder.Length + 1)..] : null;
    }
}
