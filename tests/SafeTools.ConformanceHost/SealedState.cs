using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace SafeTools.ConformanceHost;

/// <summary>State that a client carries from one round of a request to the next and cannot change, or use for another tool.</summary>
internal sealed class SealedState
{
    private const int Nonce = 12, Tag = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Seal(string state, string tool)
    {
        var plain = Encoding.UTF8.GetBytes(state);
        var sealedState = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(sealedState.AsSpan(0, Nonce));
        using var cipher = new AesGcm(_key, Tag);
        cipher.Encrypt(sealedState.AsSpan(0, Nonce), plain, sealedState.AsSpan(Nonce, plain.Length), sealedState.AsSpan(Nonce + plain.Length), Encoding.UTF8.GetBytes(tool));
        return Convert.ToBase64String(sealedState);
    }

    public string Open(string sealedText, string tool)
    {
        try
        {
            var bytes = Convert.FromBase64String(sealedText);
            var plain = new byte[bytes.Length - Nonce - Tag];
            using var cipher = new AesGcm(_key, Tag);
            cipher.Decrypt(bytes.AsSpan(0, Nonce), bytes.AsSpan(Nonce, plain.Length), bytes.AsSpan(Nonce + plain.Length), plain, Encoding.UTF8.GetBytes(tool));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception forged) when (forged is FormatException or CryptographicException or OverflowException)
        {
            throw new McpProtocolException("requestState is not what this server gave.", McpErrorCode.InvalidParams);
        }
    }
}
