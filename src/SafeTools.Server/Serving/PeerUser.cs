using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SafeTools.Server.Serving;

/// <summary>Which user of the operating system is at the other end of a local socket, as the kernel wrote it down when that end connected.</summary>
internal static class PeerUser
{
    /// <exception cref="SocketException">The kernel does not say.</exception>
    /// <exception cref="PlatformNotSupportedException">Neither Linux nor macOS.</exception>
    public static uint Of(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            // SOL_SOCKET, SO_PEERCRED: struct ucred { pid, uid, gid } (unix(7)).
            Span<uint> credentials = stackalloc uint[3];
            return Read(socket, level: 1, name: 17, MemoryMarshal.AsBytes(credentials)) == 12 ? credentials[1] : throw new SocketException((int)SocketError.AccessDenied);
        }

        if (OperatingSystem.IsMacOS())
        {
            // SOL_LOCAL, LOCAL_PEERCRED: struct xucred { version, uid, ... } of 76 bytes (sys/ucred.h); version 0.
            Span<uint> credentials = stackalloc uint[19];
            return Read(socket, level: 0, name: 1, MemoryMarshal.AsBytes(credentials)) >= 8 && credentials[0] == 0 ? credentials[1] : throw new SocketException((int)SocketError.AccessDenied);
        }

        throw new PlatformNotSupportedException("Users of local sockets are known on Linux and macOS alone.");
    }

    private static int Read(Socket socket, int level, int name, Span<byte> value) => socket.GetRawSocketOption(level, name, value);
}
