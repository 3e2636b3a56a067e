using System.Globalization;
using System.Runtime.InteropServices;

namespace SafeTools.Server.Serving;

/// <summary>The operating system's users, by name and by number (getpwnam(3), getpwuid(3)).</summary>
internal static unsafe partial class SystemUsers
{
    private const int LongestEntry = 64 * 1024;

    /// <summary>A user's number, from a number or a name; null where no user has that name.</summary>
    public static uint? Find(string user)
    {
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var text = new byte[LongestEntry];
        fixed (byte* buffer = text)
        {
            Entry entry;
            Entry* found;
            return ByName(user, &entry, buffer, LongestEntry, &found) == 0 && found is not null ? found->User : null;
        }
    }

    /// <summary>For a person: the name and the number, or the number alone.</summary>
    public static string Name(uint user)
    {
        var text = new byte[LongestEntry];
        fixed (byte* buffer = text)
        {
            Entry entry;
            Entry* found;
            var name = ByNumber(user, &entry, buffer, LongestEntry, &found) == 0 && found is not null ? Marshal.PtrToStringUTF8((nint)found->Name) : null;
            return string.Create(CultureInfo.InvariantCulture, $"{(name is null ? "" : $"{VisibleText.Line(name, 64)}, ")}user {user}");
        }
    }

    /// <summary>The first fields of struct passwd, alike on Linux and macOS; the rest is room.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public byte* Name;
        public byte* Password;
        public uint User;
        public uint Group;
        private fixed byte _more[96];
    }

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ByName(string name, Entry* entry, byte* buffer, nuint size, Entry** found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ByNumber(uint user, Entry* entry, byte* buffer, nuint size, Entry** found);
}
