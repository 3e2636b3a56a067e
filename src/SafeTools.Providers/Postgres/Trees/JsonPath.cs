using System.Buffers.Binary;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// A constant of type jsonpath as the server keeps it (src/include/utils/jsonpath.h, flattenJsonPathParseItem in jsonpath.c; the same from version 12 on, with
/// new kinds of items added at the end). Some steps of a path give several values for one: every value below (<c>.**</c>), several subscripts, keyvalue().
/// Two of them multiply, and the server holds all that comes of it in memory.
/// </summary>
internal static class JsonPath
{
    public const string Type = "4072";

    /// <summary>The array of it.</summary>
    public const string ArrayType = "4073";

    private const int Header = 8;
    private const int MostItems = 4096;
    private const int Any = 24, Key = 25, Variable = 28, Filter = 29, Exists = 30, IndexArray = 23, KeyValue = 38, LikeRegex = 42;

    /// <summary>Whether it multiplies at most once. False also for what is not understood.</summary>
    public static bool IsModest(IReadOnlyList<byte> constant)
    {
        byte[] bytes = [.. constant.Skip(Header)];
        var (multiplying, items) = (0, 0);
        var open = new Stack<int>([0]);
        while (open.TryPop(out var item))
        {
            if (++items > MostItems || item < 0 || item >= bytes.Length)
                return false;
            var kind = bytes[item];
            var at = (item + 4) & ~3;
            if (Read(bytes, at) is not { } next || Children(bytes, kind, at + 4) is not { } children)
                return false;
            var several = kind == IndexArray && children.Count > 2;
            if ((kind is Any or KeyValue || several) && ++multiplying > 1)
                return false;
            foreach (var child in children.Append(next).Where(child => child != 0))
                open.Push(item + child);
        }

        return true;
    }

    /// <summary>Where its parts lie, counted from the item itself; 0 for none. Null for a kind that is not known.</summary>
    private static List<int>? Children(byte[] bytes, int kind, int at) => kind switch
    {
        // null, string, numeric, true and false; then names and variables.
        <= 3 or Key or Variable => [],
        // and, or, comparisons, arithmetic, starts with, decimal()
        4 or 5 or (>= 8 and <= 18) or 41 or 46 => Pointers(bytes, at, 2),
        // not, is unknown, signs, filters, exists, datetime() and its like
        6 or 7 or 19 or 20 or Filter or Exists or 37 or (>= 50 and <= 53) => Pointers(bytes, at, 1),
        IndexArray => Read(bytes, at) is { } count and >= 0 and < 2048 ? Pointers(bytes, at + 4, 2 * count) : null,
        LikeRegex => Pointers(bytes, at + 4, 1),
        // wildcards, ** , @, $, methods without arguments, last
        21 or 22 or Any or 26 or 27 or (>= 31 and <= 36) or KeyValue or 40 or (>= 43 and <= 45) or (>= 47 and <= 49) => [],
        _ => null,
    };

    private static List<int>? Pointers(byte[] bytes, int at, int count)
    {
        var pointers = new List<int>();
        for (var index = 0; index < count; index++)
        {
            if (Read(bytes, at + (4 * index)) is not { } pointer)
                return null;
            pointers.Add(pointer);
        }

        return pointers;
    }

    private static int? Read(byte[] bytes, int at) => at >= 0 && at + 4 <= bytes.Length ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) : null;
}
