using System.Security.Cryptography;

namespace SafeTools;

/// <summary>Names that SafeTools gives to what it records: unguessable, without look-alike letters, safe in a file name and a shell.</summary>
internal static class Identifier
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>An action's id: <c>act-</c> and 12 characters, 60 random bits.</summary>
    public static string NewAction() => "act-" + RandomNumberGenerator.GetString(Alphabet, 12);

    /// <summary>A store's id, 80 random bits.</summary>
    public static string NewStore() => "store-" + RandomNumberGenerator.GetString(Alphabet, 16);

    /// <summary>A serving process's id.</summary>
    public static string NewServer() => "server-" + RandomNumberGenerator.GetString(Alphabet, 12);

    /// <summary>A number used once: 160 random bits.</summary>
    public static string NewNonce() => RandomNumberGenerator.GetString(Alphabet, 32);
}
