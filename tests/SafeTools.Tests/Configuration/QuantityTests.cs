namespace SafeTools.Tests.Configuration;

public class QuantityTests
{
    [Theory]
    [InlineData("5ms", 5)]
    [InlineData("2s", 2_000)]
    [InlineData("3m", 180_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("1d", 86_400_000)]
    public void Time_Written_IsThatLong(string text, long milliseconds) => Quantity.Time(text).Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("1B", 1)]
    [InlineData("256KiB", 262_144)]
    [InlineData("2MiB", 2_097_152)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("1TiB", 1_099_511_627_776)]
    public void Size_Written_IsThatLarge(string text, long bytes) => Quantity.Size(text).Should().Be(bytes);

    [Theory]
    [InlineData("60/min", 60)]
    [InlineData("60", null)]
    [InlineData("0/min", null)]
    [InlineData("60/s", null)]
    public void CallsPerMinute_Written_IsThatMany(string text, int? calls) => Quantity.CallsPerMinute(text).Should().Be(calls);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("24")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1.5h")]
    [InlineData(" 1s")]
    [InlineData("1 s")]
    [InlineData("1S")]
    [InlineData("1w")]
    [InlineData("100001s")]
    [InlineData("99999999999999999999s")]
    public void Time_AnythingElse_IsNone(string text) => Quantity.Time(text).Should().BeNull();

    [Theory]
    [InlineData("1KB")]
    [InlineData("1kib")]
    [InlineData("0B")]
    [InlineData("-1B")]
    [InlineData("1000001TiB")]
    [InlineData("KiB")]
    public void Size_AnythingElse_IsNone(string text) => Quantity.Size(text).Should().BeNull();
}
