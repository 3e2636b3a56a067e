using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What a PostgreSQL server keeps in place of a password (RFC 5802, section 3; its form in RFC 5803), computed here, so that no password leaves this process
/// but to whoever logs in with it.
/// </summary>
internal static class ScramVerifier
{
    /// <summary>As PostgreSQL's own (SCRAM_SHA_256_DEFAULT_ITERATIONS); the passwords of <see cref="NewPassword"/> need no more.</summary>
    private const int Iterations = 4096;

    private const int SaltLength = 16;
    private const int KeyLength = 32;
    private const int PasswordLength = 32;

    /// <summary>256 random bits in letters, digits, dash and underscore: nothing in it means anything to a URL, a shell or SASLprep (RFC 4013).</summary>
    public static Secret NewPassword() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordLength)));

    public static string Of(Secret password) => Of(password, RandomNumberGenerator.GetBytes(SaltLength));

    public static string Of(Secret password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Reveal()), salt, Iterations, HashAlgorithmName.SHA256, KeyLength);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture, $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }

    /// <summary>Whether a password means the same with and without SASLprep, so that the verifier computed here is the one that a client computes.</summary>
    public static bool Suits(Secret password) => password.Reveal() is { Length: > 0 } text && text.All(letter => letter is >= ' ' and <= '~');

    /// <summary>As the server's functions tell verifiers apart: SHA-256, lower-case hexadecimal.</summary>
    public static string DigestOf(string verifier) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));
}
