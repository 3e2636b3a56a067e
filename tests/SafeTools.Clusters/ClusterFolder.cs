using System.Globalization;
using System.Text.Json;

namespace SafeTools.Clusters;

/// <summary>The temporary folder of one cluster: its data, its log, a kept copy, and who made it.</summary>
internal sealed class ClusterFolder
{
    internal const string Prefix = "safetools-pg-";
    private const string Programs = "programs";
    private static readonly Lazy<Task> Leftovers = new(() => Sweep());

    internal ClusterFolder(string root) => Root = root;

    public string Root { get; }

    public string Data => Path.Combine(Root, "data");

    public string Kept => Path.Combine(Root, "kept");

    public string Log => Path.Combine(Root, "log");

    /// <summary>A program of the version that this cluster is of.</summary>
    public string Program(string name) => Path.Combine(Root, Programs, "bin", name) is var own && File.Exists(own) ? own : PostgresPrograms.Path(name);

    /// <summary>
    /// Copies another version's programs in, because the cluster's user may not reach the checkout, and makes the links that npm packages cannot hold.
    /// </summary>
    public void Bring(string native)
    {
        // The cluster's user takes them away again; nobody else gets into the folder above.
        foreach (var folder in Directory.EnumerateDirectories(native, "*", SearchOption.AllDirectories).Prepend(native).Order(StringComparer.Ordinal))
        {
            var made = Path.Combine(Root, Programs, Path.GetRelativePath(native, folder));
            Directory.CreateDirectory(made);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(made, (UnixFileMode)0b111_111_111);
            }
        }

        foreach (var file in Directory.EnumerateFiles(native, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(Root, Programs, Path.GetRelativePath(native, file)));
        }

        using var links = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(native, "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Path.Combine(Root, Programs, Path.GetRelativePath("native", link.GetProperty("target").GetString()!));
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetFileName(link.GetProperty("source").GetString()!));
            }
        }
    }

    /// <summary>Written by the postmaster: its id on the first line, its state on the eighth.</summary>
    public string PostmasterFile => Path.Combine(Data, "postmaster.pid");

    internal string Maker => Path.Combine(Root, "maker");

    public static async Task<ClusterFolder> Make(CancellationToken cancellationToken)
    {
        await Leftovers.Value.WaitAsync(cancellationToken);
        var folder = new ClusterFolder(await OsUser.Run(["mktemp", "-d", $"/tmp/{Prefix}XXXXXXXX"], cancellationToken: cancellationToken));
        await Write(folder.Maker, ThisProcess(), cancellationToken);
        return folder;
    }

    /// <summary>A file that nobody but the cluster's user may read.</summary>
    public static Task Write(string path, string text, CancellationToken cancellationToken) =>
        OsUser.Run(["sh", "-c", "umask 077; cat >\"$0\"", path], text, cancellationToken: cancellationToken);

    public static Task Append(string path, string text, CancellationToken cancellationToken) =>
        OsUser.Run(["sh", "-c", "cat >>\"$0\"", path], text, cancellationToken: cancellationToken);

    public static Task Copy(string from, string to, CancellationToken cancellationToken) =>
        OsUser.Run(["cp", "-a", "--reflink=auto", from, to], cancellationToken: cancellationToken);

    public static Task Delete(string path) => OsUser.Run(["rm", "-rf", path]);

    /// <summary>What the log says last, for people.</summary>
    public string LogTail()
    {
        try
        {
            return string.Join('\n', File.ReadLines(Log).TakeLast(12));
        }
        catch (IOException)
        {
            return "(no log)";
        }
    }

    /// <summary>Removes what runs left that were killed together with their supervisors: their makers live no more.</summary>
    internal static async Task Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories("/tmp", Prefix + "*").Select(path => new ClusterFolder(path)))
        {
            try
            {
                if (!File.Exists(folder.Maker) || MakerLives(await File.ReadAllTextAsync(folder.Maker)))
                {
                    continue;
                }

                if (File.Exists(folder.PostmasterFile) && File.ReadLines(folder.PostmasterFile).First().Trim() is var id
                    && File.Exists($"/proc/{id}/cmdline") && (await File.ReadAllTextAsync($"/proc/{id}/cmdline")).Contains(folder.Data, StringComparison.Ordinal))
                {
                    await OsUser.Run(["sh", "-c", "kill -QUIT \"$0\"; tail --pid=\"$0\" -s 0.05 -f /dev/null", id]);
                }

                await Delete(folder.Root);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ClusterException)
            {
                // Another user's, or another run sweeps it at this very moment.
            }
        }
    }

    /// <summary>The process's id, and when it began, since ids come again.</summary>
    private static string ThisProcess() => Described(System.Environment.ProcessId)!;

    private static bool MakerLives(string maker) =>
        int.TryParse(maker.Split(' ')[0], CultureInfo.InvariantCulture, out var id) && Described(id) == maker;

    private static string? Described(int id)
    {
        try
        {
            // Field 22 of stat(5), counted behind the name, which may hold anything.
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return string.Create(CultureInfo.InvariantCulture, $"{id} {fields[19]}");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
