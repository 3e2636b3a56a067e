using System.Text;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// A name inside a folder, as the kernel sees it: bytes, in no encoding. Kept with one character a byte, so that comparing is comparing bytes.
/// </summary>
internal readonly record struct EntryName : IComparable<EntryName>
{
    private readonly string _bytes;

    private EntryName(string bytes) => _bytes = bytes;

    public static EntryName Of(ReadOnlySpan<byte> bytes) => new(Encoding.Latin1.GetString(bytes));

    public static implicit operator EntryName(string text) => Of(Encoding.UTF8.GetBytes(text));

    public byte[] Bytes => Encoding.Latin1.GetBytes(_bytes);

    /// <summary>For system calls: with the closing zero.</summary>
    public byte[] Terminated => Encoding.Latin1.GetBytes(_bytes + '\0');

    public int CompareTo(EntryName other) => string.CompareOrdinal(_bytes, other._bytes);

    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
