using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Judging;

namespace SafeTools.Tests.Corpus.Judging;

public sealed class LayersTests
{
    [Theory]
    [InlineData("ST1604", nameof(Layer.Caps))]
    [InlineData("ST1605", nameof(Layer.ParseGate))]
    [InlineData("ST1606", nameof(Layer.Privileges))]
    [InlineData("ST1504", nameof(Layer.Limits))]
    [InlineData("ST1503", nameof(Layer.Other))]
    [InlineData("ST9999", nameof(Layer.Other))]
    public void Of_Refusal_GoesByItsCode(string code, string layer) => Layers.Of(new Answer(Answer.Refused, code, "", TimeSpan.Zero)).ToString().Should().Be(layer);

    [Fact]
    public void Of_Executed_IsAnswered() => Layers.Of(new Answer(Answer.Executed, null, "", TimeSpan.Zero)).Should().Be(Layer.Answered);

    [Fact]
    public void Of_Silence_IsOther() => Layers.Of(Answer.None("it hangs", TimeSpan.Zero)).Should().Be(Layer.Other);
}
