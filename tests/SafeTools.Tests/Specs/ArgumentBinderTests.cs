using System.Diagnostics;
using System.Text.Json;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Specs;

public class ArgumentBinderTests
{
    private static readonly Dictionary<string, Parameter> Known = new Parameter[]
    {
        new() { Name = "text", Type = ParameterType.String, MinLength = 2, MaxLength = 4 },
        new() { Name = "free", Type = ParameterType.String },
        new() { Name = "shape", Type = ParameterType.String, Pattern = "[a-z]+" },
        new() { Name = "either", Type = ParameterType.String, Pattern = "a|bc" },
        new() { Name = "both", Type = ParameterType.String, Pattern = "[a-z]+", NarrowerPattern = "a.*" },
        new() { Name = "word", Type = ParameterType.String, Enum = [JsonValues.Of("one"), JsonValues.Of("two")] },
        new() { Name = "whole", Type = ParameterType.Integer, Minimum = -5, Maximum = 10 },
        new() { Name = "large", Type = ParameterType.Integer },
        new() { Name = "number", Type = ParameterType.Number, Minimum = 0.5, Maximum = 1e300 },
        new() { Name = "flag", Type = ParameterType.Boolean },
    }.ToDictionary(parameter => parameter.Name);

    [Theory]
    [InlineData("text", "\"ab\"", null)]
    [InlineData("text", "\"abcd\"", null)]
    [InlineData("text", "\"a\"", "ST1102")]
    [InlineData("text", "\"abcde\"", "ST1102")]
    [InlineData("text", "\"\\uD83D\\uDE00\\uD83D\\uDE00\\uD83D\\uDE00\"", null)] // three code points, as the schema counts
    [InlineData("text", "\"\\uD83D\\uDE00\"", "ST1102")]
    [InlineData("text", "5", "ST1104")]
    [InlineData("text", "null", "ST1104")]
    [InlineData("text", "[\"ab\"]", "ST1104")]
    [InlineData("text", "{}", "ST1104")]
    [InlineData("free", "\"\"", null)]
    [InlineData("free", "\"\\uD800\"", "ST1105")]
    [InlineData("free", "\"a\\uDC00b\"", "ST1105")]
    [InlineData("shape", "\"abc\"", null)]
    [InlineData("shape", "\"abc\\n\"", "ST1102")]
    [InlineData("shape", "\"\\nabc\"", "ST1102")]
    [InlineData("shape", "\"abc\\nx;\"", "ST1102")]
    [InlineData("shape", "\"ABC\"", "ST1102")]
    [InlineData("shape", "\"\"", "ST1102")]
    [InlineData("either", "\"bc\"", null)]
    [InlineData("either", "\"ax\"", "ST1102")]
    [InlineData("either", "\"xbc\"", "ST1102")]
    [InlineData("both", "\"ab\"", null)]
    [InlineData("both", "\"ba\"", "ST1102")]
    [InlineData("both", "\"a1\"", "ST1102")]
    [InlineData("word", "\"two\"", null)]
    [InlineData("word", "\"Two\"", "ST1102")]
    [InlineData("whole", "-5", null)]
    [InlineData("whole", "10", null)]
    [InlineData("whole", "-6", "ST1102")]
    [InlineData("whole", "11", "ST1102")]
    [InlineData("whole", "\"5\"", "ST1104")]
    [InlineData("whole", "5.0", "ST1104")]
    [InlineData("whole", "1e0", "ST1104")]
    [InlineData("whole", "true", "ST1104")]
    [InlineData("large", "9007199254740991", null)]
    [InlineData("large", "-9007199254740991", null)]
    [InlineData("large", "9007199254740992", "ST1104")]
    [InlineData("large", "1e3", "ST1104")]
    [InlineData("large", "99999999999999999999", "ST1104")]
    [InlineData("large", "-9223372036854775808", "ST1104")]
    [InlineData("number", "0.5", null)]
    [InlineData("number", "1e300", null)]
    [InlineData("number", "0.4", "ST1102")]
    [InlineData("number", "1e301", "ST1102")]
    [InlineData("number", "1e400", "ST1104")]
    [InlineData("number", "-1e400", "ST1104")]
    [InlineData("number", "\"1\"", "ST1104")]
    [InlineData("flag", "true", null)]
    [InlineData("flag", "false", null)]
    [InlineData("flag", "0", "ST1104")]
    [InlineData("flag", "\"true\"", "ST1104")]
    public void Bind_OneValue_IsTakenAsItIsOrRefused(string name, string value, string? code)
    {
        var refusal = ArgumentBinder.Bind([Known[name]], Sample.Json($$"""{"{{name}}":{{value}}}"""), out var bound);
        (refusal?.Code.Id).Should().Be(code);
        bound.Values.Count.Should().Be(code is null ? 1 : 0);
    }

    [Fact]
    public void Bind_StringWithoutBound_HasOne()
    {
        Bind([Known["free"]], $$"""{"free":"{{new string('x', 4096)}}"}""").Should().BeNull();
        Bind([Known["free"]], $$"""{"free":"{{new string('x', 4097)}}"}""").Should().Be("ST1102");
    }

    [Fact]
    public void Bind_PatternMadeToBacktrack_TakesLinearTime()
    {
        var evil = new Parameter { Name = "p", Type = ParameterType.String, Pattern = "(a+)+b", MaxLength = 4096 };
        var watch = Stopwatch.StartNew();
        Bind([evil], $$"""{"p":"{{new string('a', 4000)}}"}""").Should().Be("ST1102");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), "backtracking would take longer than the world will last");
    }

    [Fact]
    public void Bind_Missing_UsesTheDefaultOrRefuses()
    {
        Parameter[] parameters =
        [
            new() { Name = "must", Type = ParameterType.Integer },
            new() { Name = "may", Type = ParameterType.Integer, Required = false },
            new() { Name = "usual", Type = ParameterType.Integer, Default = JsonValues.Of(7) },
        ];
        Bind(parameters, "{}").Should().Be("ST1103");
        ArgumentBinder.Bind(parameters, Sample.Json("""{"must":1}"""), out var bound).Should().BeNull();
        bound.Values.Select(value => $"{value.Key}={value.Value}").Should().BeEquivalentTo("must=1", "usual=7");
    }

    [Fact]
    public void Bind_FixedValue_CannotBeSentAndIsAlwaysThere()
    {
        Parameter[] parameters = [new() { Name = "table", Type = ParameterType.String, Fixed = JsonValues.Of("orders") }];
        ArgumentBinder.Bind(parameters, Sample.Json("{}"), out var bound).Should().BeNull();
        bound.Text("table").Should().Be("orders");
        Bind(parameters, """{"table":"orders"}""").Should().Be("ST1101");
    }

    [Fact]
    public void Bind_UnknownArgument_NamesWhatThereIsAndEscapesWhatWasSent()
    {
        var refusal = ArgumentBinder.Bind([Known["flag"]], Sample.Json("""{"flag":true,"fl\u202eag":1}"""), out _)!;
        refusal.Code.Id.Should().Be("ST1101");
        refusal.Message.Should().Contain("flag").And.NotContain("\u202E");
    }

    [Fact]
    public void Bind_ReasonOfAChange_IsTakenApart()
    {
        ArgumentBinder.Bind(Tool(SampleProvider.Drop), Sample.Json("""{"name":"n1","reason":"because"}"""), out var bound, out var reason).Should().BeNull();
        reason.Should().Be("because");
        bound.Values.Keys.Should().Equal("name");
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "ST1102")]
    public void Bind_Reason_IsBounded(int length, string? code) =>
        (ArgumentBinder.Bind(Tool(SampleProvider.Drop), Sample.Json($$"""{"name":"n1","reason":"{{new string('r', length)}}"}"""), out _, out _)?.Code.Id).Should().Be(code);

    [Theory]
    [InlineData("7", "ST1104")]
    [InlineData("\"\\uD800\"", "ST1105")]
    public void Bind_ReasonThatIsNoText_Refuses(string reason, string code) =>
        (ArgumentBinder.Bind(Tool(SampleProvider.Drop), Sample.Json($$"""{"name":"n1","reason":{{reason}}}"""), out _, out _)?.Code.Id).Should().Be(code);

    [Fact]
    public void Bind_ReasonForARead_IsUnknown() =>
        (ArgumentBinder.Bind(Tool(SampleProvider.Look), Sample.Json("""{"name":"n1","reason":"because"}"""), out _, out _)?.Code.Id).Should().Be("ST1101");

    private static ToolSpec Tool(Operation operation) => Sample.Tool(operation);

    private static string? Bind(IReadOnlyList<Parameter> parameters, string sent) => ArgumentBinder.Bind(parameters, Sample.Json(sent), out _)?.Code.Id;
}
