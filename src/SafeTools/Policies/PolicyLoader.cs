using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Reads a whole policy, strictly. Any fault in any file means no policy.</summary>
internal sealed class PolicyLoader(IReadOnlyList<IProvider> providers)
{
    /// <summary>The folder that holds the specs, relative to the configuration; needed before the specs can be read.</summary>
    public static string ToolsFolder(string configuration) =>
        NamedToolsFolder(configuration) ?? "./tool-specs";

    /// <summary>Whether the configuration itself says which folder holds the specs.</summary>
    public static bool NamesToolsFolder(string configuration) => NamedToolsFolder(configuration) is not null;

    private static string? NamedToolsFolder(string configuration) =>
        (YamlReader.Read(PolicySource.ConfigurationName, configuration, [])?.Entries.FirstOrDefault(entry => entry.Key == "tools")?.Value as ConfigNode.Scalar)?.Text;

    /// <summary>The policy, or null with every fault found.</summary>
    public Policy? Load(PolicySource source, out IReadOnlyList<Problem> problems) => Load(source, specs: true, out problems);

    /// <param name="source">What to read.</param>
    /// <param name="specs">False where the specs could not be read: a grant that matches none is then no fault of its own.</param>
    /// <param name="problems">Every fault found.</param>
    public Policy? Load(PolicySource source, bool specs, out IReadOnlyList<Problem> problems)
    {
        var found = new List<Problem>();
        problems = found;
        if (YamlReader.Read(PolicySource.ConfigurationName, source.Configuration, found) is not { } root)
        {
            return null;
        }

        var reader = new MapReader(root, "safetools.yaml", found);
        _ = reader.Text("tools", required: false);
        var environments = ReadEnvironments(reader);
        var resources = ReadResources(reader, environments, source.BaseFolder, found);
        var tools = ReadTools(source, resources, environments, found);
        var principals = ReadPrincipals(reader, environments, found);
        var approvers = ReadApprovers(reader, found);
        var rules = RulesReader.Read(reader, found);
        reader.Finish();
        if (specs)
        {
            CheckGrants(principals, tools, found);
        }

        if (found.Count > 0)
        {
            return null;
        }

        return new Policy
        {
            Source = source,
            Environments = environments,
            Resources = resources.ToDictionary(entry => entry.Key, entry => entry.Value.Resource, StringComparer.Ordinal),
            Principals = principals.ToDictionary(entry => entry.Principal.Name, entry => entry.Principal, StringComparer.Ordinal),
            Approvers = approvers,
            Tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal),
            Rules = rules,
        };
    }

    private static EnvironmentMap ReadEnvironments(MapReader reader)
    {
        var own = new Dictionary<string, EnvironmentLabel>(StringComparer.Ordinal);
        foreach (var entry in reader.Map("environments", required: false)?.Entries ?? [])
        {
            if (LabelNames.ParseEnvironment(entry.Key) is not null)
            {
                reader.Fault(entry.Line, $"'{entry.Key}' has its meaning already. Map your own names onto local, staging or production.");
            }
            else if (entry.Value is ConfigNode.Scalar label && LabelNames.ParseEnvironment(label.Text) is { } environment)
            {
                own[entry.Key] = environment;
            }
            else
            {
                reader.Fault(entry.Line, $"'{entry.Key}' must be mapped onto local, staging or production.");
            }
        }

        return new EnvironmentMap(own);
    }

    private Dictionary<string, (Resource Resource, JsonNode Source)> ReadResources(MapReader outer, EnvironmentMap environments, string baseFolder, List<Problem> problems)
    {
        var resources = new Dictionary<string, (Resource, JsonNode)>(StringComparer.Ordinal);
        foreach (var (name, map) in Maps(outer, "resources", required: true))
        {
            var before = problems.Count;
            var reader = new MapReader(map, $"The resource '{name}'", problems);
            var named = reader.Text("provider");
            var provider = providers.FirstOrDefault(known => known.Name == named);
            if (provider is null)
            {
                if (named is null)
                {
                    continue;
                }

                reader.Fault(reader.LineOf("provider"), $"'provider' must be one of {string.Join(", ", providers.Select(known => known.Name).Order(StringComparer.Ordinal))}.");
                continue;
            }

            var environment = reader.Text("environment");
            if (environment is not null && !environments.Knows(environment))
            {
                reader.Fault(reader.LineOf("environment"), $"'environment: {environment}' is not known: use local, staging, production or a name from 'environments'.");
            }

            var settings = SettingReader.Read(reader, provider.ResourceSettings, baseFolder, environments);
            reader.Finish();
            if (environment is null || provider.ResourceSettings.Any(setting => setting.Required && reader.Entry(setting.Name) is null))
            {
                continue;
            }

            var resource = new Resource(name, provider.Name, environment, settings) { OwnEnvironments = environments.Words };
            foreach (var fault in problems.Count > before ? [] : provider.Check(resource))
            {
                reader.Fault(map.Line, fault);
            }

            resources[name] = (resource, map.ToJson());
        }

        return resources;
    }

    private List<ToolSpec> ReadTools(PolicySource source, IReadOnlyDictionary<string, (Resource, JsonNode)> resources, EnvironmentMap environments, List<Problem> problems)
    {
        var loader = new SpecLoader(resources, providers, environments, source.BaseFolder, problems);
        var tools = new List<ToolSpec>();
        foreach (var (file, text) in source.Specs.OrderBy(spec => spec.Key, StringComparer.Ordinal))
        {
            if (YamlReader.Read(file, text, problems) is not { } map || loader.Load(map) is not { } tool)
            {
                continue;
            }

            if (tools.Find(other => other.Name == tool.Name) is { } twin)
            {
                problems.Add(new Problem(file, map.Line, $"The tool '{tool.Name}' stands in {twin.File} already."));
            }

            tools.Add(tool);
        }

        return tools;
    }

    private static List<(Principal Principal, IReadOnlyList<ConfigNode.Scalar> Grants)> ReadPrincipals(MapReader outer, EnvironmentMap environments, List<Problem> problems)
    {
        var principals = new List<(Principal, IReadOnlyList<ConfigNode.Scalar>)>();
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, map) in Maps(outer, "principals", required: true))
        {
            var reader = new MapReader(map, $"The principal '{name}'", problems);
            if (!IsName(name))
            {
                reader.Fault(map.Line, $"'{VisibleText.Line(name, 64)}' is no name for a principal: use letters, digits, dot, dash and _.");
            }

            if (name == Humans.Principal.Name)
            {
                reader.Fault(map.Line, $"'{name}' is the person at the command line. Choose another name for an agent.");
            }

            var written = reader.Texts("grants");
            var grants = new List<Grant>();
            foreach (var text in written)
            {
                if (Grant.Parse(text.Text, environments) is { } grant)
                {
                    grants.Add(grant);
                }
                else
                {
                    reader.Fault(text.Line, $"'{text.Text}' is no grant: write {Grant.Form}.");
                }
            }

            var users = OsUserReader.Read(reader, claimed);
            principals.Add((new Principal(name, grants, reader.Text("owner", required: false)) { OsUsers = users }, written));
            reader.Finish();
        }

        return principals;
    }

    private static List<Approver> ReadApprovers(MapReader outer, List<Problem> problems)
    {
        var approvers = new List<Approver>();
        foreach (var item in outer.List("approvers"))
        {
            if (item is not ConfigNode.Map map)
            {
                outer.Fault(item.Line, "An approver is a map with 'name', 'key' and 'approves'.");
                continue;
            }

            var reader = new MapReader(map, "The approver", problems);
            var name = reader.Text("name");
            var key = reader.Text("key") is { } text ? P256PublicKey.Parse(text) : null;
            if (key is null)
            {
                reader.Fault(reader.LineOf("key"), "'key' is not a public key as safetools approvers enroll prints it (p256:...).");
            }

            if (name is not null && !IsName(name))
            {
                reader.Fault(reader.LineOf("name"), $"'{VisibleText.Line(name, 64)}' is no name for a person: use letters, digits, dot, dash and _.");
            }

            var approves = reader.Texts("approves");
            foreach (var pattern in approves.Where(pattern => !Approver.IsPattern(pattern.Text)))
            {
                reader.Fault(pattern.Line, $"'{pattern.Text}' is no pattern: write TOOL@ENVIRONMENT, each part a name or *; the environment is local, staging or production.");
            }

            if (key is not null && approvers.Exists(other => other.Key == key))
            {
                reader.Fault(map.Line, "The same key stands twice. A key belongs to one person.");
            }

            reader.Finish();
            if (name is not null && key is not null)
            {
                approvers.Add(new Approver(name, key, [.. approves.Select(pattern => pattern.Text)]));
            }
        }

        return approvers;
    }

    private static void CheckGrants(List<(Principal Principal, IReadOnlyList<ConfigNode.Scalar> Grants)> principals, List<ToolSpec> tools, List<Problem> problems)
    {
        foreach (var (principal, written) in principals)
        {
            foreach (var text in written)
            {
                var reachable = principal.Grants.Where(grant => grant.Text == text.Text).Any(grant => tools.Any(tool => Reaches(grant, tool)));
                if (!reachable && principal.Grants.Any(grant => grant.Text == text.Text))
                {
                    problems.Add(new Problem(text.File, text.Line, $"The grant '{text.Text}' of '{principal.Name}' matches no tool. Remove it, or correct the tool, effect or environment."));
                }
            }
        }
    }

    private static bool Reaches(Grant grant, ToolSpec tool) =>
        Enum.GetValues<EnvironmentLabel>().Any(environment => environment <= tool.Ceiling && grant.Covers(tool.Name, tool.Effect, environment));

    private static IEnumerable<(string Name, ConfigNode.Map Map)> Maps(MapReader reader, string key, bool required)
    {
        foreach (var entry in reader.Map(key, required)?.Entries ?? [])
        {
            if (entry.Value is ConfigNode.Map map)
            {
                yield return (entry.Key, map);
            }
            else
            {
                reader.Fault(entry.Line, $"'{entry.Key}' must be a map of keys and values.");
            }
        }
    }

    private static bool IsName(string text) => Regex.IsMatch(text, @"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.NonBacktracking);
}
