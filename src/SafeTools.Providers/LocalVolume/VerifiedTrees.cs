using System.Collections.Concurrent;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// Trees whose content this process has read, by a signature of every entry's attributes: content cannot change without the kernel
/// changing the signature. Never written to disk, so nobody can claim a verification.
/// </summary>
internal sealed class VerifiedTrees
{
    private const int Most = 4096;

    private readonly ConcurrentDictionary<string, string> _checksums = new(StringComparer.Ordinal);

    public string? Checksum(string signature) => _checksums.GetValueOrDefault(signature);

    public void Remember(string signature, string checksum)
    {
        if (_checksums.Count >= Most)
            _checksums.Clear();
        _checksums[signature] = checksum;
    }
}
