using SafeTools.Server.State;

namespace SafeTools.Server.Serving;

/// <summary>
/// Tells other processes that this one serves: a file that is held open exclusively. The operating system lets go of it when the process ends,
/// however it ends, so that a killed server is never mistaken for a living one.
/// </summary>
internal sealed class ServerPresence : IDisposable
{
    private readonly FileStream _held;
    private readonly string _path;

    private ServerPresence(string path, FileStream held) => (_path, _held) = (path, held);

    public static ServerPresence Announce(string folder, string server)
    {
        StoreFolder.Make(folder);
        var path = Path.Combine(folder, server);
        // Held before it can be seen under its name, so that nobody finds it free in between.
        var unseen = Path.Combine(folder, "." + server);
        var held = new FileStream(unseen, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Move(unseen, path);
        return new ServerPresence(path, held);
    }

    public static bool IsAlive(string folder, string server)
    {
        var path = Path.Combine(folder, Path.GetFileName(server));
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            File.Delete(path);
            return false;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Whether any process serves this store now.</summary>
    public static bool Anybody(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, "server-*").Any(path => IsAlive(folder, Path.GetFileName(path)));

    public void Dispose()
    {
        _held.Dispose();
        File.Delete(_path);
    }
}
