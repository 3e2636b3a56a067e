namespace SafeTools;

/// <summary>Where approvers decide in a browser. The same address for everybody and every proposal: it carries no id, no person, no secret, and opening it decides nothing.</summary>
internal static class ConsolePage
{
    public const string Form = "an address such as https://safetools.example, at most 200 characters, without user, query or fragment; http only on this machine";

    private const int Longest = 200;

    /// <summary>Null where the text is none.</summary>
    public static Uri? Parse(string text) =>
        text.Length <= Longest && text.All(char.IsAscii) && !text.AsSpan().ContainsAny("?#@\\ ") && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? address
            : null;
}
