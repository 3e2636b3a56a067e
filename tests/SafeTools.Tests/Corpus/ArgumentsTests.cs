using CommandLine = SafeTools.Corpus.Arguments;

namespace SafeTools.Tests.Corpus;

public sealed class ArgumentsTests
{
    [Fact]
    public void Parse_FileAndProgram_Runs() =>
        CommandLine.Parse(["--scripts", "s", "--program", "p", "f", "--only", "dml"]).Should().Be(new CommandLine("s", "p", "f", "dml", null));

    [Fact]
    public void Parse_SelfTest_NeedsNoFile() => CommandLine.Parse(["--scripts", "s", "--self-test"]).Should().Be(new CommandLine("s", null, null, null, null));

    [Fact]
    public void Parse_Layers_NeedsNoProgram() =>
        CommandLine.Parse(["--scripts", "s", "f", "--layers", "--credential", "owner"]).Should().Be(new CommandLine("s", null, "f", null, "owner", Layers: true));

    [Theory]
    [InlineData("")]
    [InlineData("--scripts s f")]
    [InlineData("--scripts s --program p")]
    [InlineData("--program p f")]
    [InlineData("--scripts s --program p f g")]
    [InlineData("--scripts s --program p f --unknown")]
    [InlineData("--scripts s --self-test f")]
    [InlineData("--scripts s --program p f --layers")]
    [InlineData("--scripts s --layers")]
    [InlineData("--scripts s --self-test --layers")]
    public void Parse_AnythingElse_IsNotUnderstood(string words) => CommandLine.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Should().BeNull();
}
