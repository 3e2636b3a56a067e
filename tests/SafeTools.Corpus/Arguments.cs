namespace SafeTools.Corpus;

/// <summary>The runner's own command line.</summary>
/// <param name="Scripts">The folder of setup.sql.</param>
/// <param name="Program">The published server; null where only the observers are tried.</param>
/// <param name="File">The corpus; null where only the observers are tried.</param>
/// <param name="Only">A regular expression that ids must match.</param>
/// <param name="Credential">The only credential to try.</param>
/// <param name="Layers">Whether layers are taken away, one after the other; no program then, because none serves so.</param>
internal sealed record Arguments(string Scripts, string? Program, string? File, string? Only, string? Credential, bool Layers = false)
{
    public const string Usage =
        """
        SafeTools.Corpus --scripts DIR --program SAFETOOLS FILE [--only REGEX] [--credential NAME]
        SafeTools.Corpus --scripts DIR --layers FILE [--only REGEX] [--credential NAME]
        SafeTools.Corpus --scripts DIR --self-test
        """;

    /// <summary>Null where the words make no sense.</summary>
    public static Arguments? Parse(IReadOnlyList<string> words)
    {
        var named = new Dictionary<string, string>();
        string? file = null;
        var (selfTest, layers) = (false, false);
        for (var index = 0; index < words.Count; index++)
        {
            switch (words[index])
            {
                case "--scripts" or "--program" or "--only" or "--credential" when index + 1 < words.Count:
                    named[words[index]] = words[++index];
                    break;
                case "--self-test":
                    selfTest = true;
                    break;
                case "--layers":
                    layers = true;
                    break;
                case var word when !word.StartsWith('-') && file is null:
                    file = word;
                    break;
                default:
                    return null;
            }
        }

        var program = named.GetValueOrDefault("--program");
        return named.TryGetValue("--scripts", out var scripts) && (selfTest ? file is null && !layers : file is not null && program is not null != layers)
            ? new Arguments(scripts, program, file, named.GetValueOrDefault("--only"), named.GetValueOrDefault("--credential"), layers)
            : null;
    }
}
