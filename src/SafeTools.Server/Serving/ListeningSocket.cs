using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using SafeTools.Server.Hardening;

namespace SafeTools.Server.Serving;

/// <summary>
/// The socket that clients connect to. Everybody may connect to it: who may come in is decided by the kernel's word on who connects, and who
/// can reach it at all by the folder that it is in.
/// </summary>
internal static partial class ListeningSocket
{
    private const int Backlog = 64;

    /// <summary>flock(2): exclusive, and not waiting.</summary>
    private const int LockNow = 6;

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>In bytes, the end marked by one more (unix(7); macOS has four fewer).</summary>
    public static int LongestPath => OperatingSystem.IsLinux() ? 107 : 103;

    /// <summary>What is wrong with the path itself, in words for a person; null where nothing is.</summary>
    public static string? Fault(string path) => Encoding.UTF8.GetByteCount(path) > LongestPath
        ? $"The socket's path has {Encoding.UTF8.GetByteCount(path)} bytes, and the system allows {LongestPath}. Choose a shorter one, such as /run/safetools/safetools.sock."
        : null;

    /// <summary>Listens at <paramref name="path"/>, or says why not. What a server that died left there is removed.</summary>
    public static Socket? Open(string path, out string fault)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            fault = $"There is no folder {folder} for the socket. Make it, owned by the user that serves, with mode 0755.";
            return null;
        }

        // Two servers that start at once must not both find the same dead socket and each remove the other's.
        var held = OpenFile(folder, 0);
        try
        {
            if (held < 0 || Lock(held, LockNow) != 0)
            {
                fault = $"Another server is just starting in {folder}. Try again, or choose another folder.";
                return null;
            }

            return Take(path, out fault);
        }
        finally
        {
            if (held >= 0)
            {
                _ = CloseFile(held);
            }
        }
    }

    private static Socket? Take(string path, out string fault)
    {
        if (Ownership.Of(path) is { } found)
        {
            fault = !found.IsSocket ? $"{path} is no socket, so it is left alone. Choose another path, or move it away."
                : found.User != Ownership.OfThisProcess ? $"The socket {path} belongs to {SystemUsers.Name(found.User)}. Choose another path, or remove it as that user."
                : Answers(path) ? $"A server answers at {path} already. Stop it first, or choose another path."
                : "";
            if (fault.Length > 0)
            {
                return null;
            }

            File.Delete(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Everybody);
            }

            socket.Listen(Backlog);
            fault = "";
            return socket;
        }
        catch (Exception failed) when (failed is SocketException or UnauthorizedAccessException or IOException)
        {
            socket.Dispose();
            fault = $"The socket {path} cannot be made: {failed.Message}. The user that serves must be able to write its folder.";
            return null;
        }
    }

    /// <summary>Only a refused connection says that nobody listens.</summary>
    private static bool Answers(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(int file, int operation);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseFile(int file);
}
