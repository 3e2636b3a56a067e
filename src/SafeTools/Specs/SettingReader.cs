namespace SafeTools;

/// <summary>Reads the keys that a provider declared for its resources or for the specs of an operation.</summary>
internal static class SettingReader
{
    /// <param name="baseFolder">What relative paths are resolved against: the folder of safetools.yaml.</param>
    public static SettingValues Read(MapReader reader, IReadOnlyList<Setting> settings, string baseFolder, EnvironmentMap environments)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var paths = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            switch (setting.Kind)
            {
                case SettingKind.Text:
                    if (reader.Text(setting.Name, setting.Required) is { } text)
                    {
                        texts[setting.Name] = text;
                    }

                    break;
                case SettingKind.Path:
                    if (reader.Text(setting.Name, setting.Required) is { } path)
                    {
                        texts[setting.Name] = Path.GetFullPath(path, baseFolder);
                    }

                    break;
                case SettingKind.PathsByEnvironment:
                    if (reader.Map(setting.Name, setting.Required) is { } map)
                    {
                        paths[setting.Name] = ReadPaths(reader, map, baseFolder, environments);
                    }

                    break;
            }
        }

        return new SettingValues(texts, paths);
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadPaths(MapReader outer, ConfigNode.Map map, string baseFolder, EnvironmentMap environments)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (!environments.Knows(entry.Key))
            {
                outer.Fault(entry.Line, $"'{entry.Key}' is no environment: use local, staging, production or a name from 'environments'.");
            }

            if (entry.Value is not ConfigNode.List list || list.Items.Any(item => item is not ConfigNode.Scalar { Text.Length: > 0 }))
            {
                outer.Fault(entry.Line, $"'{entry.Key}' must be a list of paths.");
                continue;
            }

            found[entry.Key] = [.. list.Items.Cast<ConfigNode.Scalar>().Select(item => Path.GetFullPath(item.Text, baseFolder))];
        }

        return found;
    }
}
