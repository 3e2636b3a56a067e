using SafeTools.Tests.Support;

namespace SafeTools.Tests.Decisions;

public sealed class P256PublicKeyTests : IDisposable
{
    private readonly Signer _alice = new("alice");

    [Fact]
    public void Parse_OwnText_IsTheSameKey() => P256PublicKey.Parse(_alice.Key.Text).Should().Be(_alice.Key);

    [Fact]
    public void Parse_AnythingElse_IsNoKey()
    {
        var text = _alice.Key.Text;
        string[] others =
        [
            "", "p256:", text[5..], text.Replace("p256", "P256", StringComparison.Ordinal), text + "=", text + "==", text[..^1], text + "A", text[..20] + " " + text[20..], text + "\n",
            "p256:" + new string('A', 86), // zero is no point
            "p256:" + new string('_', 85) + "w",
        ];
        others.Where(other => P256PublicKey.Parse(other) is not null).Should().BeEmpty();
    }

    public void Dispose() => _alice.Dispose();
}
