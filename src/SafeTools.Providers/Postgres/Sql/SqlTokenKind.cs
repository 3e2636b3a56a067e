namespace SafeTools.Providers.Postgres;

/// <summary>What one token of PostgreSQL's SQL is, as far as judging before sending needs to know.</summary>
internal enum SqlTokenKind
{
    /// <summary>An identifier or key word without quotes, folded to lower case in ASCII.</summary>
    Word,

    /// <summary>An identifier in double quotes; its text is the name itself.</summary>
    QuotedName,

    /// <summary><c>U&amp;"…"</c>, whose escapes could spell any name.</summary>
    EscapedName,

    /// <summary>A string constant of any form; its text is not looked at.</summary>
    Text,

    Number,

    /// <summary><c>$1</c></summary>
    Parameter,

    Operator,

    Opening,

    Closing,

    Semicolon,

    /// <summary>Something that ends nowhere, or that no token begins with.</summary>
    Broken,
}
