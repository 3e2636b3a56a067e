using System.Security.Cryptography;
using SafeTools.Server.Keys;

namespace SafeTools.Server.Cli;

/// <summary>An unlocked key, for as long as one command runs.</summary>
internal sealed class Signer(Approver approver, ECDsa key) : IDisposable
{
    public Approver Approver => approver;

    public string Sign(byte[] lines) => Convert.ToBase64String(key.SignData(lines, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public void Dispose() => key.Dispose();

    /// <summary>Asks for the passphrase of a key on this machine that one of the approvers has; null, and said why, where that fails.</summary>
    public static Signer? Unlock(Terminal terminal, string folder, IEnumerable<Approver> approvers, string? name)
    {
        var known = approvers.ToArray();
        var candidates = KeyFolder.Read(folder)
            .Select(key => (Key: key, Approver: known.FirstOrDefault(approver => approver.Key == key.PublicKey)))
            .Where(pair => pair.Approver is not null && (name is null || pair.Approver.Name == name))
            .ToArray();
        if (candidates is not [var (locked, approver)])
        {
            terminal.Complain(candidates.Length == 0
                ? "No key on this machine may sign this. Make one with: safetools approvers enroll NAME"
                : $"Several keys on this machine may sign this: {string.Join(", ", candidates.Select(pair => pair.Approver!.Name))}. Choose with --as NAME.");
            return null;
        }

        if (terminal.Passphrase($"Passphrase of {approver!.Name}:") is not { } passphrase)
        {
            terminal.Complain($"{terminal.NoPassphrase} Nothing was signed.");
            return null;
        }

        var key = locked.Unlock(passphrase);
        Array.Clear(passphrase);
        if (key is null)
        {
            terminal.Complain("Wrong passphrase. Nothing was signed.");
            return null;
        }

        return new Signer(approver, key);
    }
}
