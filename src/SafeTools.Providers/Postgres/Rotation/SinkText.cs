namespace SafeTools.Providers.Postgres;

/// <summary>An application's connection string with another user and password, everything else byte for byte.</summary>
internal static class SinkText
{
    /// <param name="sink">One that <see cref="ConnectionText.Parse"/> takes.</param>
    public static Secret With(Secret sink, string user, Secret password)
    {
        var text = sink.Reveal();
        var begin = text.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var slash = text.IndexOf('/', begin);
        var at = text.LastIndexOf('@', slash < 0 ? text.Length - 1 : slash);
        return new Secret($"{text[..begin]}{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password.Reveal())}{text[at..]}");
    }

    public static bool Same(Secret one, Secret other) => string.Equals(one.Reveal(), other.Reveal(), StringComparison.Ordinal);
}
