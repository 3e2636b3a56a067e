using System.Text;

namespace SafeTools.IntegrationTests.Secrets;

/// <summary>A password that occurs nowhere by chance, and every spelling in which a careless program could let it out.</summary>
internal sealed class Canary
{
    private readonly string _core = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    /// <summary>What URLs and JSON must escape stands around a part that they leave as it is.</summary>
    public string Password => $"K+/{_core}=&";

    /// <summary>Spellings of the part in the middle, wherever in a text it stands.</summary>
    private IEnumerable<(string Form, byte[] Bytes)> Forms
    {
        get
        {
            var plain = Encoding.ASCII.GetBytes(_core);
            yield return ("plain", plain);
            yield return ("upper case", Encoding.ASCII.GetBytes(_core.ToUpperInvariant()));
            yield return ("UTF-16", Encoding.Unicode.GetBytes(_core));
            yield return ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(plain)));
            yield return ("upper-case hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(plain)));
            yield return ("reversed", [.. plain.Reverse()]);
            yield return ("percent-encoded", Encoding.ASCII.GetBytes(string.Concat(plain.Select(one => $"%{one:X2}"))));
            for (var before = 0; before < 3; before++)
            {
                // Of each way in which three bytes become four characters, what no neighbour has a part in.
                var encoded = Convert.ToBase64String([.. new byte[before], .. plain]);
                yield return ("base64", Encoding.ASCII.GetBytes(encoded[(before == 0 ? 0 : 4)..((before + plain.Length) / 3 * 4)]));
            }
        }
    }

    /// <summary>The first spelling that the bytes hold; null for none.</summary>
    public string? FoundIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var (form, spelling) in Forms)
        {
            if (bytes.IndexOf(spelling) >= 0)
            {
                return form;
            }
        }

        return null;
    }
}
