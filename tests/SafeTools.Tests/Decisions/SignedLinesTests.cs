using System.Text;

namespace SafeTools.Tests.Decisions;

/// <summary>The bytes that approvers sign, to the letter: changing them makes every stored signature worthless.</summary>
public class SignedLinesTests
{
    [Fact]
    public void OfDecision_IsExactlyTheseLines() =>
        Text(SignedLines.OfDecision("store-1", 7, "aa", "bb", Verdict.ApproveWithoutRecovery, "n1", "cc"))
            .Should().Be("safetools/decision/v1\nstore-1\n7\naa\nbb\napprove-without-recovery\nn1\ncc\n");

    [Fact]
    public void OfPolicy_IsExactlyTheseLines() =>
        Text(SignedLines.OfPolicy("store-1", 1, "aa", "genesis", "n1", "cc")).Should().Be("safetools/policy/v1\nstore-1\n1\naa\ngenesis\nn1\ncc\n");

    [Fact]
    public void OfUnfreeze_IsExactlyTheseLines() =>
        Text(SignedLines.OfUnfreeze("store-1", 2, "*", "n1", "cc")).Should().Be("safetools/unfreeze/v1\nstore-1\n2\n*\nn1\ncc\n");

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    public void AnyLine_WithALineBreak_CannotBeWritten(string value)
    {
        var write = () => SignedLines.OfUnfreeze("store-1", 2, value, "n1", "cc");
        write.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("approve", Verdict.Approve)]
    [InlineData("approve-without-recovery", Verdict.ApproveWithoutRecovery)]
    [InlineData("reject", Verdict.Reject)]
    [InlineData("Approve", null)]
    [InlineData("yes", null)]
    internal void Parse_Word_IsTheVerdictOrNone(string word, Verdict? verdict) => Verdicts.Parse(word).Should().Be(verdict);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
