using System.Text;
using SafeTools.Providers.LocalVolume;

namespace SafeTools.Server.Policies;

/// <summary>Reads a text file that somebody else may have put there: a plain file only, bounded, and never waiting for a pipe.</summary>
internal static class PlainFile
{
    /// <summary>Null where there is none, where it is larger than <paramref name="most"/> bytes, or where it is no plain file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? Read(string path, int most)
    {
        // Elsewhere than on Linux .NET cannot tell a pipe before it waits for its other end; there the folder's owner is trusted with that.
        using var file = OperatingSystem.IsLinux() ? OpenFolder.FileAt(path) : File.OpenHandle(path);
        return file is not null && SmallFile.Bytes(file, most) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;
    }
}
