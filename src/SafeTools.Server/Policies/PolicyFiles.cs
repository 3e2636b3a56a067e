using SafeTools.Server.Serving;

namespace SafeTools.Server.Policies;

/// <summary>Reads safetools.yaml and the specs beside it, bounded, without following links.</summary>
internal static class PolicyFiles
{
    private const int LongestFile = 256 * 1024;
    private const int MostSpecs = 1000;

    /// <summary>The policy that the files hold, or null with every fault found: specs that cannot be read hide none of the configuration's.</summary>
    public static Policy? Load(PolicyLoader loader, string configuration, out IReadOnlyList<Problem> problems)
    {
        if (ReadAll(configuration, out var unread) is not { } source)
        {
            problems = unread;
            return null;
        }

        var policy = loader.Load(source, specs: unread.Count == 0, out var found);
        problems = [.. found, .. unread];
        return unread.Count == 0 ? policy : null;
    }

    /// <summary>The files' text, or null with what is wrong.</summary>
    public static PolicySource? Read(string configuration, out IReadOnlyList<Problem> problems)
    {
        var source = ReadAll(configuration, out var found);
        problems = found;
        return found.Count == 0 ? source : null;
    }

    /// <summary>Null where the configuration itself is no YAML that could be read; other faults beside what could.</summary>
    private static PolicySource? ReadAll(string configuration, out List<Problem> found)
    {
        found = [];
        if (ReadFile(configuration, PolicySource.ConfigurationName, found) is not { } text
            || YamlReader.Read(PolicySource.ConfigurationName, text, found) is null)
        {
            return null;
        }

        var baseFolder = Path.GetDirectoryName(configuration)!;
        var folder = Path.GetFullPath(PolicyLoader.ToolsFolder(text), baseFolder);
        if (!Locations.Within(folder, baseFolder) || folder == baseFolder)
        {
            found.Add(new Problem(PolicySource.ConfigurationName, 1, "'tools' must name a folder below the one of safetools.yaml."));
            return new PolicySource(baseFolder, text, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        return new PolicySource(baseFolder, text, ReadSpecs(baseFolder, folder, PolicyLoader.NamesToolsFolder(text), found));
    }

    /// <summary>The folder that the configuration names for specs; where it cannot be read, the one that is meant without a word.</summary>
    public static string SpecsFolder(string configuration) => PolicyLoader.ToolsFolder(ReadFile(configuration, PolicySource.ConfigurationName, []) ?? "");

    private static Dictionary<string, string> ReadSpecs(string baseFolder, string folder, bool named, List<Problem> problems)
    {
        var specs = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 4 };
            foreach (var file in Directory.EnumerateFiles(folder, "*", options).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal))
            {
                var name = Path.GetRelativePath(baseFolder, file).Replace('\\', '/');
                if (specs.Count == MostSpecs)
                {
                    problems.Add(new Problem(name, 1, $"More than {MostSpecs} specs."));
                    break;
                }

                if (ReadFile(file, name, problems) is { } text)
                {
                    specs[name] = text;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var why = Directory.Exists(folder) ? "cannot be read" : "does not exist";
            var who = named ? "'tools:' names it." : "It is where specs are looked for while 'tools:' names no other folder.";
            problems.Add(new Problem(PolicySource.ConfigurationName, 1, $"The folder of specs '{Path.GetRelativePath(baseFolder, folder)}' {why}. {who}"));
        }

        return specs;
    }

    private static string? ReadFile(string path, string name, List<Problem> problems)
    {
        try
        {
            if (PlainFile.Read(path, LongestFile) is { } text)
            {
                return text;
            }

            problems.Add(new Problem(name, 1, $"There is no plain file of at most {LongestFile / 1024} KiB. safetools looks at --config, $SAFETOOLS_CONFIG, ./safetools.yaml, then the user's configuration folder."));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(name, 1, "The file cannot be read."));
        }

        return null;
    }
}
