using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// The configured reference files: which environments' deployments name a volume. A file that cannot be read whole refuses;
/// reading it as "names nothing" would turn a shared volume into an unshared one.
/// </summary>
internal sealed class References
{
    private const int Largest = 1024 * 1024;

    private readonly List<(string Environment, string Label, string Text, HashSet<string> Words)> _files = [];

    private References()
    {
    }

    public bool Configured => _files.Count > 0;

    public static bool TryRead(SettingValues settings, [NotNullWhen(true)] out References? references, [NotNullWhen(false)] out Refusal? refused)
    {
        references = new References();
        foreach (var (environment, paths) in settings.PathsByEnvironment(LocalVolumeProvider.ReferencesSetting))
        {
            foreach (var path in paths)
            {
                var label = references.Label(environment, Path.GetFileName(path));
                if (Text(path) is not { } text)
                {
                    refused = RefusalCatalog.ResourceUnavailable.Because(
                        $"The reference file {label} is missing, unreadable, no text or larger than 1 MiB, so nobody can say which environment names what.");
                    references = null;
                    return false;
                }
                references._files.Add((environment, label, text, WordsOf(text)));
            }
        }
        refused = null;
        return true;
    }

    /// <summary>Environments whose files hold the name with no letter, digit, dash or underscore beside it.</summary>
    public IReadOnlyList<string> EnvironmentsOf(string volume) =>
        [.. _files.Where(file => Holds(file.Text, file.Words, volume)).Select(file => file.Environment).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The files that name the volume, as <c>environment: file name</c>.</summary>
    public IReadOnlyList<string> Naming(string volume) =>
        [.. _files.Where(file => Holds(file.Text, file.Words, volume)).Select(file => file.Label).Order(StringComparer.Ordinal)];

    public EnvironmentEvidence Evidence(params IEnumerable<string> names) =>
        new([.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Configured ? "reference files" : "no reference files are configured");

    /// <summary>
    /// A dot ends a word (<c>data.img</c> names <c>data</c>) and is part of a name that has one. Taking a mention too many for the volume's makes it more
    /// protected, missing one makes it less.
    /// </summary>
    private static bool Holds(string text, HashSet<string> words, string volume)
    {
        if (!volume.Contains('.', StringComparison.Ordinal))
            return words.Contains(volume);
        for (var at = 0; (at = text.IndexOf(volume, at, StringComparison.Ordinal)) >= 0; at++)
        {
            if ((at == 0 || !IsOfAWord(text[at - 1])) && (at + volume.Length == text.Length || !IsOfAWord(text[at + volume.Length])))
                return true;
        }
        return false;
    }

    /// <summary>The longest runs of letters, digits, dash and underscore.</summary>
    private static HashSet<string> WordsOf(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var (start, end) = (0, 0); end <= text.Length; end++)
        {
            if (end < text.Length && IsOfAWord(text[end]))
                continue;
            if (end > start)
                words.Add(text[start..end]);
            start = end + 1;
        }
        return words;
    }

    private static bool IsOfAWord(char character) => char.IsLetterOrDigit(character) || character is '-' or '_';

    private string Label(string environment, string file)
    {
        var label = $"{environment}: {file}";
        var same = _files.Count(other => other.Label == label || other.Label.StartsWith(label + " (", StringComparison.Ordinal));
        return same == 0 ? label : $"{label} ({same + 1})";
    }

    private static string? Text(string path)
    {
        try
        {
            // The configured file may be a link; only what it ends at must be a plain file.
            using var file = OpenFolder.FileAt(path);
            if (file is null || SmallFile.Bytes(file, Largest) is not { } bytes || bytes.Contains((byte)0))
                return null;
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return null;
        }
    }
}
