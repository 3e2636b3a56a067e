using SafeTools.Tests.Support;

namespace SafeTools.Tests.Specs;

public class SpecLoaderTests
{
    [Theory]
    [InlineData("look", "title: Look", "title: Look\nnote: x", 3, "no key 'note'. Known:")]
    [InlineData("look", "title: Look", "title: Look\ntitle: Again", 3, "stands twice")]
    [InlineData("look", "title: Look\n", "", 1, "lacks 'title'")]
    [InlineData("look", "description: Looks at an item.\n", "", 1, "lacks 'description'")]
    [InlineData("look", "environment: staging\n", "", 1, "lacks 'environment'")]
    [InlineData("look", "effect: read\n", "", 1, "lacks 'effect'")]
    [InlineData("look", "tool: look", "tool: undo_action", 1, "Choose another name")]
    [InlineData("look", "tool: look", "tool: describe_access", 1, "Choose another name")]
    [InlineData("look", "tool: look", "tool: Look", 1, "use lower-case letters")]
    [InlineData("look", "tool: look", "tool: \"look\\n\"", 1, "use lower-case letters")]
    [InlineData("look", "effect: read", "effect: 7", 7, "write read, reversible or irreversible")]
    [InlineData("look", "effect: read", "effect: Read", 7, "write read, reversible or irreversible")]
    [InlineData("look", "effect: read", "effect: \"\"", 7, "must be one value")]
    [InlineData("drop", "effect: irreversible", "effect: read", 7, "write irreversible. A spec may raise an effect, never lower it")]
    [InlineData("label", "effect: reversible", "effect: read", 7, "write reversible")]
    [InlineData("look", "environment: staging", "environment: prod", 6, "write local, staging, production or a name from 'environments'")]
    [InlineData("look", "operation: sample.look", "operation: sample.lock", 4, "does not exist. Known: other.look, sample.drop")]
    [InlineData("look", "operation: sample.look", "operation: sample.unlabel", 4, "does not exist")] // only an undo runs it
    [InlineData("look", "resource: box", "resource: bax", 5, "is not in safetools.yaml. There: box, far")]
    [InlineData("look", "resource: box", "resource: far", 5, "belongs to the provider other")]
    [InlineData("look", "rows: 10", "rows: 101", 13, "above the operation's 100. A spec may only lower it")]
    [InlineData("look", "bytes: 4KiB", "bytes: 1MiB", 14, "above the operation's 65536B")]
    [InlineData("look", "time: 2s", "time: 6s", 15, "above the operation's 5s")]
    [InlineData("look", "time: 2s", "time: 2", 15, "such as 24h")]
    [InlineData("look", "calls: 60/min", "calls: 60", 16, "such as 60/min")]
    [InlineData("look", "rows: 10", "rows: 0", 13, "a whole number from 1")]
    [InlineData("look", "  rows: 10", "  columns: 10", 13, "no key 'columns'")]
    [InlineData("look", "maxLength: 10", "maxLength: 65", 10, "wider than the operation's 64. A spec may only narrow")]
    [InlineData("look", "maxLength: 10", "maxLength: -1", 10, "write a number")]
    [InlineData("look", "maxLength: 10", "maximum: 10", 10, "no key 'maximum'")]
    [InlineData("look", "maxLength: 10", "type: string", 10, "no key 'type'")]
    [InlineData("look", "  name:\n", "  nome:\n", 9, "has no parameter 'nome'. It has: name")]
    [InlineData("look", "\"[a-z]+\"", "\"(a)\\\\1\"", 11, "without backtracking")]
    [InlineData("look", "\"[a-z]+\"", "\"(?=a)b\"", 11, "without backtracking")]
    [InlineData("look", "\"[a-z]+\"", "\"[a-z\"", 11, "'pattern' is not an expression")]
    [InlineData("look", "\"[a-z]+\"", "\"a)|(?:b\"", 11, "'pattern' is not an expression")]
    [InlineData("look", "expect: executed", "expect: maybe", 19, "must be executed, proposed or")]
    [InlineData("look", "expect: executed", "expect: { refused: ST9999 }", 19, "with a code from docs/refusals.md")]
    [InlineData("look", "  - args: { name: n }\n    expect: executed", "  - x", 18, "An example is a map")]
    [InlineData("label", "maximum: 5", "maximum: 11", 10, "wider than the operation's 10")]
    [InlineData("label", "maximum: 5", "minimum: 0", 10, "wider than the operation's 1")]
    [InlineData("label", "maximum: 5", "minimum: NaN", 10, "write a number")]
    [InlineData("label", "maximum: 5", "maximum: Infinity", 10, "write a number")]
    [InlineData("label", "maximum: 5", "maximum: 1,5", 10, "write a number")]
    [InlineData("label", "maximum: 5", "{ maximum: 5 }", 11, "Not valid YAML")]
    [InlineData("label", "maximum: 5", "minimum: 8\n    maximum: 6", 10, "No value can fit")]
    [InlineData("label", "default: 2", "default: 6", 11, "must be at most 5")]
    [InlineData("label", "default: 2", "default: two", 11, "is not of the parameter's type")]
    [InlineData("label", "default: 2", "value: 0", 11, "must be at least 1")]
    [InlineData("label", "default: 2", "enum: [1, 9]", 11, "must be at most 5")]
    [InlineData("orders", "effect: read", "effect: reversible", 7, "has no undo, so 'effect: reversible' would not be true: write irreversible")]
    [InlineData("orders", "statement: select 1\n", "", 1, "lacks 'statement'")]
    [InlineData("orders", "statement: select 1", "statement: nonsense", 1, "'statement' is not one")]
    [InlineData("orders", "type: string", "type: text", 11, "write string, integer, number or boolean")]
    [InlineData("orders", "    type: string\n", "", 11, "lacks 'type'")]
    [InlineData("orders", "  customer:\n", "  reason:\n", 10, "is no name for a parameter")]
    [InlineData("orders", "  customer:\n", "  Customer:\n", 10, "is no name for a parameter")]
    [InlineData("orders", "maxLength: 64", "maxLength: 5000", 12, "wider than the operation's 4096")]
    [InlineData("orders", "maxLength: 64", "minLength: 9\n    maxLength: 8", 11, "No value can fit")]
    [InlineData("orders", "parameters:", "parameters: x\nignored:", 9, "must be a map")]
    [InlineData("orders", "maxLength: 64", "required: maybe", 12, "write true or false")]
    public void Load_Fault_NamesFileLineAndRemedy(string spec, string text, string by, int line, string remedy)
    {
        var file = $"tool-specs/{spec}.yaml";
        Files.Broken(file, text, by, out var problems).Should().BeNull();
        var found = problems.Select(problem => problem.ToString()).ToArray();
        found.Should().Contain(said => said.StartsWith($"{file}:{line}: ", StringComparison.Ordinal) && said.Contains(remedy, StringComparison.Ordinal), "{0}", string.Join(" | ", found));
        found.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Load_EmptySpec_NamesIt()
    {
        Files.Broken("tool-specs/look.yaml", Files.Look, "", out var problems).Should().BeNull();
        problems.Should().Contain(new Problem("tool-specs/look.yaml", 1, "The file is empty."));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("irreversible")]
    public void Load_EffectAtOrAboveTheFloor_IsTaken(string effect)
    {
        var policy = Files.Load(out var problems, specs: Files.Specs.ToDictionary(s => s.Key, s => s.Key.Contains("orders", StringComparison.Ordinal) ? s.Value.Replace("effect: read", $"effect: {effect}", StringComparison.Ordinal) : s.Value));
        problems.Should().BeEmpty();
        policy!.Tools["orders"].Effect.Should().Be(LabelNames.ParseEffect(effect));
    }

    [Fact]
    public void Load_Narrowing_KeepsWhatTheOperationAsksAsWell()
    {
        var name = Files.Load(out _)!.Tools["look"].Parameters.Single();
        name.Should().BeEquivalentTo(new { Name = "name", MaxLength = 10, Pattern = "[a-z0-9-]+", NarrowerPattern = "[a-z]+" });
    }

    [Theory]
    [InlineData("tool: look", "# a comment\ntool:    \"look\"")]
    [InlineData("title: Look\ndescription: Looks at an item.", "description: Looks at an item.\ntitle: Look")]
    [InlineData("limits:\n  rows: 10\n  bytes: 4KiB\n  time: 2s\n  calls: 60/min", "limits: { calls: 60/min, time: 2s, bytes: 4KiB, rows: 10 }")]
    public void Digest_CommentsOrderAndLayout_DoNotChangeIt(string text, string by)
    {
        // Quoting does count (a plain 5 may be a number), so the quoted case unquotes again.
        Files.Broken("tool-specs/look.yaml", text, by.Replace("\"look\"", "look", StringComparison.Ordinal), out var problems)!.Tools["look"].Digest.Should().Be(Files.Load(out _)!.Tools["look"].Digest);
        problems.Should().BeEmpty();
    }

    [Theory]
    [InlineData("title: Look", "title: Looks")]
    [InlineData("description: Looks at an item.", "description: Looks at items.")]
    [InlineData("environment: staging", "environment: qa")]
    [InlineData("rows: 10", "rows: 11")]
    [InlineData("maxLength: 10", "maxLength: 11")]
    [InlineData("calls: 60/min", "calls: 61/min")]
    [InlineData("expect: executed", "expect: proposed")]
    [InlineData("args: { name: n }", "args: { name: \"n\" }")]
    public void Digest_AnyValue_ChangesIt(string text, string by)
    {
        var changed = Files.Broken("tool-specs/look.yaml", text, by, out var problems);
        problems.Should().BeEmpty();
        changed!.Tools["look"].Digest.Should().NotBe(Files.Load(out _)!.Tools["look"].Digest);
    }

    [Theory]
    [InlineData("place: here", "place: there")]
    [InlineData("[a, b]", "[a, c]")]
    [InlineData("    environment: qa", "    environment: staging")]
    public void Digest_SettingsOfTheResource_ChangeIt(string text, string by)
    {
        var changed = Files.Broken("safetools.yaml", text, by, out var problems);
        problems.Should().BeEmpty();
        changed!.Tools["look"].Digest.Should().NotBe(Files.Load(out _)!.Tools["look"].Digest);
    }

    [Fact]
    public void Digest_FolderThatPathsAreResolvedAgainst_ChangesIt() =>
        Files.Load(out _, folder: "/elsewhere")!.Tools["look"].Digest.Should().NotBe(Files.Load(out _)!.Tools["look"].Digest);

    [Fact]
    public void Digest_WithAnotherMeaningOfAnEnvironment_IsAnother()
    {
        string Of(string environments) => Files.Broken("safetools.yaml", "{ qa: staging }", environments, out _)!.Tools["look"].Digest;
        Of("{ qa: staging, live: staging }").Should().NotBe(Of("{ qa: staging, live: production }"));
        Of("{ qa: staging }").Should().NotBe(Of("{ qa: local }"));
        Of("{ qa: staging }").Should().Be(Of("{ qa: staging } # quality"));
    }
}
