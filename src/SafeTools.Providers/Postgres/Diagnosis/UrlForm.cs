using System.Buffers;
using System.Text.RegularExpressions;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What the form of a connection string tells. Where it is doubtful which part is the password, no part of it is shown or used: what reads as a host may be
/// the end of a password.
/// </summary>
/// <param name="Target">Where it leads; null where that cannot be told or must not be believed.</param>
/// <param name="Findings">What is wrong with it, in words that hold none of it.</param>
internal sealed partial record UrlForm(ConnectionTarget? Target, IReadOnlyList<Found> Findings)
{
    private const string Form = "postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…";

    private const string Encoded = "In a URL each of @ : / ? # [ ] % and each space must be written as %40 %3A %2F %3F %23 %5B %5D %25 %20";

    /// <summary>What one reader takes for a part of a user or password, and another for its end.</summary>
    private static readonly SearchValues<char> Misread = SearchValues.Create("@#[] \t\r\n");

    public static UrlForm Read(Secret secret, SecretReference reference)
    {
        var text = secret.Reveal();
        var target = ConnectionText.Parse(secret, out _);
        if (!Begins().IsMatch(text))
            return new UrlForm(null, [new Found(DiagnosisKinds.NotAConnectionString, Otherwise(text), Mended(reference))]);
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = rest.AsSpan().IndexOfAny("/?");
        var authority = end < 0 ? rest : rest[..end];
        var after = end < 0 ? "" : rest[end..];
        var path = after.Split('?')[0];
        if (path.Contains('@', StringComparison.Ordinal) || (target is null && after.Contains('@', StringComparison.Ordinal)))
            return new UrlForm(null, [Unescaped("A character of the user or the password is not percent-encoded, so that the host begins in the wrong place: no part of it is believed.", reference)]);
        if (target is null)
            return new UrlForm(null, [new Found(DiagnosisKinds.NotAConnectionString, $"The value begins as a connection string and has not its form, {Form}.", Mended(reference))]);
        var credentials = authority[..authority.LastIndexOf('@')];
        var findings = new List<Found>();
        if (credentials.AsSpan().IndexOfAny(Misread) >= 0 || HalfEncoded().IsMatch(credentials) || HalfEncoded().IsMatch(path))
            findings.Add(Unescaped("A character of the user, the password or the database is not percent-encoded. It is read here as it was probably meant; many applications read another host or password.", reference));
        if (target.Password is null)
            findings.Add(new Found(DiagnosisKinds.NoPassword, "The connection string holds no password.", Mended(reference)) { Severity = Severity.Warning });
        return new UrlForm(target, findings);
    }

    private static string Otherwise(string text) => text switch
    {
        _ when text.Trim().Length != text.Length || text[0] is '"' or '\'' => "The value has quotes or spaces around it, and is read with them.",
        _ when text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase) => $"The value is a JDBC address; what is read here has the form {Form}.",
        _ when KeysAndValues().IsMatch(text) => $"The value is written as keys and values; what is read here has the form {Form}.",
        _ => $"The value is no connection string of PostgreSQL, {Form}.",
    };

    private static Found Unescaped(string says, SecretReference reference) =>
        new(DiagnosisKinds.UnescapedCharacter, says, Mend.Human($"{Encoded}. A human writes the value at {reference} anew in that way."));

    private static Mend Mended(SecretReference reference) => Mend.Human($"A human puts the whole connection string at {reference}.");

    [GeneratedRegex("^postgres(ql)?://", RegexOptions.CultureInvariant)]
    private static partial Regex Begins();

    /// <summary>A percent sign that begins no code.</summary>
    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex HalfEncoded();

    [GeneratedRegex(@"^\s*[A-Za-z_ ]{2,32}=", RegexOptions.CultureInvariant)]
    private static partial Regex KeysAndValues();
}
