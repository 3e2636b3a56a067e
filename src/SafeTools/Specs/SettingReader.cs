namespace SafeTools;

/// <summary>Reads the keys that a provider declared for its resources or for the specs of an operation.</summary>
internal static class SettingReader
{
    /// <param name="baseFolder">What relative paths are resolved against: the folder of safetools.yaml.</param>
    public static SettingValues Read(MapReader reader, IReadOnlyList<Setting> settings, string baseFolder, EnvironmentMap environments)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
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
                case SettingKind.Secret:
                    if (reader.Text(setting.Name, setting.Required) is { } reference)
                    {
                        // What stands in its place may be the secret itself, so it is not repeated.
                        if (SecretReference.Parse(reference) is null)
                        {
                            reader.Fault(reader.LineOf(setting.Name), $"'{setting.Name}' must refer to a secret: write {SecretReference.Form}.");
                        }

                        texts[setting.Name] = reference;
                    }

                    break;
                case SettingKind.Texts:
                    if (reader.Texts(setting.Name) is { Count: > 0 } list)
                    {
                        lists[setting.Name] = [.. list.Select(item => item.Text)];
                    }

                    break;
                case SettingKind.Fields:
                    if (reader.Map(setting.Name, setting.Required) is { } fields)
                    {
                        ReadFields(reader, setting, fields, texts);
                    }

                    break;
            }
        }

        return new SettingValues(texts, paths, lists);
    }

    private static void ReadFields(MapReader outer, Setting setting, ConfigNode.Map map, Dictionary<string, string> texts)
    {
        foreach (var entry in map.Entries)
        {
            if (!setting.Fields.Contains(entry.Key, StringComparer.Ordinal))
            {
                outer.Fault(entry.Line, $"'{setting.Name}' has no key '{entry.Key}'. Known: {string.Join(", ", setting.Fields)}.");
            }
            else if (entry.Value is ConfigNode.Scalar { Text: { Length: > 0 } text })
            {
                texts[$"{setting.Name}.{entry.Key}"] = text;
            }
            else
            {
                outer.Fault(entry.Line, $"'{entry.Key}' must be one value, and not empty.");
            }
        }
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
