using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>The numbers of the server's own types, which never change (src/include/catalog/pg_type.dat).</summary>
internal static class BuiltInTypes
{
    private const uint Box = 603;

    private static readonly FrozenDictionary<uint, ValueKind> Kinds = new Dictionary<uint, ValueKind>
    {
        [16] = ValueKind.Boolean,
        [17] = ValueKind.Bytes,
        [20] = ValueKind.Integer,
        [21] = ValueKind.Integer,
        [23] = ValueKind.Integer,
        [26] = ValueKind.Integer,
        [114] = ValueKind.Json,
        [700] = ValueKind.Real,
        [701] = ValueKind.Real,
        [3802] = ValueKind.Json,
    }.ToFrozenDictionary();

    /// <summary>What Npgsql does not know without asking the server, or calls otherwise than the server; with the number of its array.</summary>
    private static readonly (uint Type, uint Array, string Name)[] Others =
    [
        (18, 1002, "\"char\""), (24, 1008, "regproc"), (194, 0, "pg_node_tree"), (1033, 1034, "aclitem"), (2202, 2207, "regprocedure"), (2203, 2208, "regoper"),
        (2204, 2209, "regoperator"), (2205, 2210, "regclass"), (2206, 2211, "regtype"), (2249, 2287, "record"), (2275, 1263, "cstring"), (2277, 0, "anyarray"),
        (2278, 0, "void"), (2970, 2949, "txid_snapshot"), (3361, 0, "pg_ndistinct"), (3402, 0, "pg_dependencies"), (3642, 3644, "gtsvector"),
        (3734, 3735, "regconfig"), (3769, 3770, "regdictionary"), (4089, 4090, "regnamespace"), (4096, 4097, "regrole"), (4191, 4192, "regcollation"),
        (5017, 0, "pg_mcv_list"), (5038, 5039, "pg_snapshot"),
    ];

    private static readonly FrozenDictionary<uint, string> Names = Others.Select(type => KeyValuePair.Create(type.Type, type.Name))
        .Concat(Others.Where(type => type.Array != 0).Select(type => KeyValuePair.Create(type.Array, type.Name + "[]"))).ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, uint> Elements = Others.Where(type => type.Array != 0).ToFrozenDictionary(type => type.Array, type => type.Type);

    public static ValueKind KindOf(uint type) => Kinds.GetValueOrDefault(type, ValueKind.Text);

    public static char DelimiterOf(uint element) => element == Box ? ';' : ',';

    public static string? NameOf(uint type) => Names.GetValueOrDefault(type);

    public static uint? ElementOf(uint array) => Elements.TryGetValue(array, out var element) ? element : null;
}
