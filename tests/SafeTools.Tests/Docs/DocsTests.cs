using System.CommandLine;
using System.Text.RegularExpressions;
using SafeTools.Providers;
using SafeTools.Server.Cli;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Docs;

/// <summary>The documentation says nothing that the code does not know.</summary>
public sealed partial class DocsTests
{
    /// <summary>What a YAML block that is no whole file begins with.</summary>
    private const string Fragment = "# part of ";

    private static readonly string[] NotOurs = [".git", ".vs", ".idea", "bin", "obj", "TestResults", "artifacts", "sandbox", "node_modules"];

    [Fact]
    public void YamlBlocks_EveryOne_Parses()
    {
        foreach (var block in Pages().SelectMany(YamlBlocks))
        {
            Parse(block).Should().NotBeNull("{0} must be YAML as SafeTools reads it", block.Place);
        }
    }

    [Fact]
    public void YamlBlocks_OfThePagesAboutSafeTools_AreWholeFilesOrMarkedAsParts()
    {
        var pages = Pages().Where(page => page is "README.md" or "CONTRIBUTING.md" || (page.StartsWith("docs/", StringComparison.Ordinal) && page.Count(c => c == '/') == 1));
        foreach (var block in pages.SelectMany(YamlBlocks))
        {
            (IsConfiguration(block) || IsSpec(block) || block.Text.StartsWith(Fragment, StringComparison.Ordinal))
                .Should().BeTrue("{0} is a whole safetools.yaml, a whole spec, or begins with '{1}...'", block.Place, Fragment);
        }
    }

    [Fact]
    public void YamlBlocks_WholeConfigurations_Load()
    {
        var tried = 0;
        foreach (var page in Pages())
        {
            var blocks = YamlBlocks(page).ToArray();
            var specs = blocks.Where(IsSpec).ToDictionary(block => $"tool-specs/{block.Line}.yaml", block => block.Text);
            foreach (var block in blocks.Where(IsConfiguration))
            {
                Faults(block.Text, specs.Count > 0 ? specs : ShippedSpecs(block)).Should().BeEmpty("{0} is a whole policy", block.Place);
                tried++;
            }
        }

        tried.Should().BePositive();
    }

    [Fact]
    public void Security_EveryTestThatIsNamed_Exists()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Golden.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path).Split('.')[0])
            .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText)));
        var named = TestName().Matches(File.ReadAllText(Path.Combine(Golden.Root, "docs", "security.md")));
        named.Count.Should().BeGreaterThan(30);
        foreach (Match name in named)
        {
            sources.Should().ContainKey(name.Groups[1].Value);
            sources[name.Groups[1].Value].Should().Contain($" {name.Groups[2].Value}(", "docs/security.md names {0}", name.Value);
        }
    }

    [Fact]
    public void Readme_ExcerptOfTheDemo_IsWhatTheDemoSays()
    {
        var golden = File.ReadAllText(Path.Combine(Golden.Root, "tests", "SafeTools.IntegrationTests", "Demo", "demo.txt"));
        var excerpt = Excerpt().Match(File.ReadAllText(Path.Combine(Golden.Root, "README.md"))).Groups[1].Value;
        excerpt.Should().NotBeEmpty();
        golden.Should().Contain(excerpt);
    }

    [GeneratedRegex(@"`([A-Za-z]+)\.([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Excerpt();

    [Fact]
    public void YamlBlocks_WholeSpecs_Load()
    {
        var specs = Pages().SelectMany(YamlBlocks).Where(IsSpec).ToArray();
        specs.Should().NotBeEmpty();
        foreach (var block in specs)
        {
            Faults(ConfigurationFor(Parse(block)!), new Dictionary<string, string> { ["tool-specs/one.yaml"] = block.Text })
                .Should().BeEmpty("{0} is a whole spec", block.Place);
        }
    }

    [Fact]
    public void Refusals_EveryCodeInThePages_Exists()
    {
        var known = RefusalCatalog.All.Select(code => code.Id).ToHashSet();
        foreach (var page in Pages())
        {
            Code().Matches(Read(page)).Select(found => found.Value).Except(known).Should().BeEmpty("{0} names refusals of the catalogue", page);
        }
    }

    [Fact]
    public void Links_EveryRelativeOne_LeadsToAFile()
    {
        foreach (var page in Pages())
        {
            foreach (Match link in Link().Matches(WithoutBlocks(Read(page))))
            {
                var target = link.Groups["target"].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }

                var path = Path.Combine(Golden.Root, Path.GetDirectoryName(page)!, target);
                (File.Exists(path) || Directory.Exists(path)).Should().BeTrue("{0} links to {1}", page, target);
            }
        }
    }

    [Fact]
    public void CommandLinePage_EveryVerb_StandsInIt()
    {
        var page = Read("docs/command-line.md");
        foreach (var verb in Verbs(Commands.Root(), ""))
        {
            page.Should().Contain($"safetools {verb.Path}", "the verb exists");
            foreach (var option in verb.Command.Options.Where(option => option.Name is not ("--help" or "--version")))
            {
                page.Should().Contain(option.Name, "safetools {0} takes it", verb.Path);
            }
        }
    }

    [Fact]
    public void CommandLinePage_NamesNoVerbOrOptionThatDoesNotExist()
    {
        var root = Commands.Root();
        var verbs = Verbs(root, "").ToArray();
        var page = Read("docs/command-line.md");
        foreach (Match line in Invocation().Matches(page))
        {
            var words = line.Groups["rest"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var verb = verbs.Where(known => $"{string.Join(' ', words)} ".StartsWith($"{known.Path} ", StringComparison.Ordinal)).DefaultIfEmpty().MaxBy(known => known.Path?.Length ?? 0);
            (verb.Command is not null || words.Length == 0 || words[0].StartsWith('-')).Should().BeTrue("'{0}' is a verb", line.Value);
        }

        var options = verbs.Select(verb => verb.Command).Append(root).SelectMany(command => command.Options).SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet();
        OptionName().Matches(page).Select(found => found.Value).Except(options).Should().BeEmpty("the page names options that exist");
    }

    [Theory]
    [InlineData("first-policy")]
    [InlineData("staging-postgres")]
    [InlineData("rotate")]
    public void Example_AsItStands_Loads(string example)
    {
        var source = PolicyFiles.Read(Path.Combine(Golden.Root, "examples", example, "safetools.yaml"), out var unread);
        unread.Should().BeEmpty();
        new PolicyLoader(ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets())).Load(source!, out var problems);
        problems.Should().BeEmpty();
    }

    [Fact]
    public void Files_EveryOne_HoldsNoPathOfTheMachineItWasWrittenOn()
    {
        // A clone directly under the root of a disk has a path as short as /src, which any text may hold.
        var clone = Golden.Root.Count(character => character is '/' or '\\') > 1 ? Golden.Root + Path.DirectorySeparatorChar : "\0";
        foreach (var file in Files(Golden.Root).Where(file => !file.EndsWith(".db", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            HomeOfSomebody().Matches(text).Select(found => found.Value).Should().BeEmpty("{0} is for every machine", Path.GetRelativePath(Golden.Root, file));
            text.Contains(clone, StringComparison.Ordinal).Should().BeFalse("{0} is for every machine", Path.GetRelativePath(Golden.Root, file));
        }
    }

    private static IEnumerable<string> Pages() => Files(Golden.Root)
        .Where(file => file.EndsWith(".md", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Golden.Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !NotOurs.Contains(Path.GetFileName(file))).Concat(Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(Files));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Golden.Root, page));

    private static string WithoutBlocks(string text) => Block().Replace(text, "");

    private static IEnumerable<YamlBlock> YamlBlocks(string page)
    {
        var text = Read(page);
        return Block().Matches(text).Where(block => block.Groups["language"].Value == "yaml")
            .Select(block => new YamlBlock(page, text[..block.Index].Count(c => c == '\n') + 2, block.Groups["text"].Value));
    }

    private static ConfigNode.Map? Parse(YamlBlock block)
    {
        var problems = new List<Problem>();
        var map = YamlReader.Read(block.Page, block.Text, problems);
        problems.Should().BeEmpty("{0} must be YAML as SafeTools reads it", block.Place);
        return map;
    }

    private static bool IsConfiguration(YamlBlock block) => IsWhole(block) && Has(block, "resources") && Has(block, "principals");

    private static bool IsSpec(YamlBlock block) => IsWhole(block) && Has(block, "tool") && Has(block, "operation");

    private static bool IsWhole(YamlBlock block) => !block.Text.StartsWith(Fragment, StringComparison.Ordinal);

    private static bool Has(YamlBlock block, string key) => Parse(block)!.Entries.Any(entry => entry.Key == key);

    private static IEnumerable<string> Faults(string configuration, IReadOnlyDictionary<string, string> specs)
    {
        new PolicyLoader(ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets())).Load(new PolicySource("/workspace", configuration, specs), out var problems);
        return problems.Select(problem => problem.ToString());
    }

    /// <summary>The shipped specs of the providers that a configuration names. Each provider's are a set of their own: names recur between them.</summary>
    private static Dictionary<string, string> ShippedSpecs(YamlBlock configuration) =>
        Map(Parse(configuration)!, "resources").Entries.Select(resource => Text((ConfigNode.Map)resource.Value, "provider")).Distinct()
            .SelectMany(provider => Files(Path.Combine(Golden.Root, "tool-specs", provider)))
            .ToDictionary(file => Path.GetRelativePath(Golden.Root, file).Replace('\\', '/'), File.ReadAllText);

    private static ConfigNode.Map Map(ConfigNode.Map map, string key) => (ConfigNode.Map)map.Entries.Single(entry => entry.Key == key).Value;

    private static string Text(ConfigNode.Map map, string key) => ((ConfigNode.Scalar)map.Entries.Single(entry => entry.Key == key).Value).Text;

    /// <summary>The least configuration that a spec fits.</summary>
    private static string ConfigurationFor(ConfigNode.Map spec)
    {
        string Value(string key) => Text(spec, key);
        var provider = Value("operation").Split('.')[0];
        var place = provider switch
        {
            "sqlite" => "database: ./one.db",
            "postgres" => "connection: secret://env/STAGING_DATABASE_URL",
            _ => "root: ./volumes",
        };
        return $"""
            resources:
              {Value("resource")}: {"{"} provider: {provider}, environment: {Value("environment")}, {place} {"}"}
            principals:
              local: {"{"} grants: ["{Value("tool")}@{Value("environment")}"] {"}"}
            """;
    }

    private static IEnumerable<(string Path, Command Command)> Verbs(Command command, string path) =>
        command.Subcommands.SelectMany(verb => Verbs(verb, $"{path} {verb.Name}".Trim()).Prepend((Path: $"{path} {verb.Name}".Trim(), verb)));

    [GeneratedRegex(@"^```(?<language>[a-z]*)[^\n]*\n(?<text>.*?)^```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bST[0-9]{4}\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[[^\]\n]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>What stands as code and begins with the program's name.</summary>
    [GeneratedRegex(@"(?:^    |`)safetools(?<rest>(?: [^\s`|\[]+)*)", RegexOptions.Multiline)]
    private static partial Regex Invocation();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex OptionName();

    /// <summary>Folders where people and build machines keep their clones.</summary>
    [GeneratedRegex(@"(?<![\w.>])/(?:root|work|home/[a-z]+|Users/[A-Za-z]+)/[\w.-]+")]
    private static partial Regex HomeOfSomebody();

    private sealed record YamlBlock(string Page, int Line, string Text)
    {
        public string Place => $"{Page}:{Line}";
    }
}
