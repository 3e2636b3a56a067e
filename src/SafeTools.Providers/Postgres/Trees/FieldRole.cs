namespace SafeTools.Providers.Postgres;

/// <summary>What one field of a node holds, and so how it is judged.</summary>
internal abstract record FieldRole
{
    private FieldRole()
    {
    }

    /// <summary>A number, word or flag that decides nothing; or lists of such.</summary>
    public sealed record Plain : FieldRole;

    /// <summary>A node, or lists of nodes.</summary>
    public sealed record Nodes : FieldRole;

    /// <summary>An object identifier, or a list of them, that must be allowed.</summary>
    public sealed record Object(ObjectKind Kind) : FieldRole;

    /// <summary>The bytes of a constant.</summary>
    public sealed record Constant : FieldRole;

    /// <summary>One of these words, or whatever is empty where the set holds <c>&lt;&gt;</c>.</summary>
    public sealed record OneOf(IReadOnlyList<string> Words) : FieldRole;

    /// <summary><c>name:plain</c>, <c>name:nodes</c>, <c>name:type</c>, …, or the words that are allowed: <c>name=1|2</c>.</summary>
    public static (string Name, FieldRole Role) Parse(string text)
    {
        if (text.Split('=', 2) is [var fixedName, var words])
            return (fixedName, new OneOf(words.Split('|')));
        return text.Split(':', 2) is [var name, var role]
            ? (name, role switch
            {
                "plain" => new Plain(),
                "nodes" => new Nodes(),
                "constant" => new Constant(),
                "function" => new Object(ObjectKind.Function),
                "operator" => new Object(ObjectKind.Operator),
                "type" => new Object(ObjectKind.Type),
                "relation" => new Object(ObjectKind.Relation),
                "sampling" => new Object(ObjectKind.SamplingMethod),
                _ => throw new FormatException($"No role {role}."),
            })
            : throw new FormatException($"No field in {text}.");
    }
}
