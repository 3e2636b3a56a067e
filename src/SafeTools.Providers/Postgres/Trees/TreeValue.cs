namespace SafeTools.Providers.Postgres;

/// <summary>A piece of the server's node tree (src/backend/nodes/outfuncs.c).</summary>
internal abstract record TreeValue
{
    private TreeValue()
    {
    }

    /// <summary><c>{NAME :field value …}</c></summary>
    public sealed record Node(string Name, IReadOnlyList<KeyValuePair<string, TreeValue>> Fields) : TreeValue
    {
        /// <summary>The first field of that name; null where it is absent.</summary>
        public TreeValue? Field(string name)
        {
            foreach (var field in Fields)
            {
                if (field.Key == name)
                    return field.Value;
            }

            return null;
        }
    }

    /// <summary><c>(…)</c>; <paramref name="Kind"/> is <c>i</c>, <c>o</c>, <c>b</c> or <c>x</c> for lists of numbers, and empty for others.</summary>
    public sealed record Items(string Kind, IReadOnlyList<TreeValue> Values) : TreeValue;

    /// <summary>One word, escapes resolved.</summary>
    public sealed record Word(string Text) : TreeValue;

    /// <summary><c>&lt;&gt;</c>: nothing.</summary>
    public sealed record None : TreeValue
    {
        public static readonly None Value = new();
    }

    /// <summary>The bytes of a constant, as the server keeps them in memory.</summary>
    public sealed record Bytes(IReadOnlyList<byte> Values) : TreeValue;
}
