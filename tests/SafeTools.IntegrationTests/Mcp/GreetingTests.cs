using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Mcp;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>The answer that is given before the SDK is loaded is the SDK's own, and everything that is not plain is left to the SDK.</summary>
public sealed class GreetingTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public static TheoryData<string> Versions => ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    public static TheoryData<string, string> NotPlain => new()
    {
        { "cut off", Plain()[..^1] },
        { "nothing", "" },
        { "another method", Plain().Replace("initialize", "ping", StringComparison.Ordinal) },
        { "a version that has no initialize", Plain(RawSession.Modern) },
        { "an unknown version", Plain("1999-01-01") },
        { "no id", Plain().Replace("\"id\":1,", "", StringComparison.Ordinal) },
        { "an id that is null", Plain().Replace("\"id\":1", "\"id\":null", StringComparison.Ordinal) },
        { "an id that is a fraction", Plain().Replace("\"id\":1", "\"id\":1.5", StringComparison.Ordinal) },
        { "an id with a lone surrogate", Plain().Replace("\"id\":1", "\"id\":\"\\ud800\"", StringComparison.Ordinal) },
        { "another JSON-RPC", Plain().Replace("2.0", "1.0", StringComparison.Ordinal) },
        { "a member that nobody knows", Plain().Replace("\"id\"", "\"more\":1,\"id\"", StringComparison.Ordinal) },
        { "a key twice", Plain().Replace("\"id\":1", "\"id\":1,\"id\":2", StringComparison.Ordinal) },
        { "metadata", Plain().Replace("\"capabilities\"", "\"_meta\":{},\"capabilities\"", StringComparison.Ordinal) },
        { "a capability that is a number", Plain().Replace("\"roots\":{}", "\"roots\":5", StringComparison.Ordinal) },
        { "no client", Plain().Replace("\"clientInfo\"", "\"client\"", StringComparison.Ordinal) },
        { "a client without a version", Plain().Replace(",\"version\":\"1\"", "", StringComparison.Ordinal) },
        { "a client's title with a lone surrogate", Plain().Replace("\"version\":\"1\"", "\"version\":\"1\",\"title\":\"\\udc00\"", StringComparison.Ordinal) },
        { "far too long", Plain().Replace("raw", new string('r', 20_000), StringComparison.Ordinal) },
    };

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Answer_ToAPlainInitialize_IsWhatTheSdkSays(string version)
    {
        await using var session = RawSession.Start(_workspace);
        // A blank first line is no initialize, so nobody but the SDK answers the second one.
        await session.SendLine("");
        await session.SendLine(Plain(version));
        await session.Answer(1);
        Encoding.UTF8.GetString(Greeting.Answer(Bytes(Plain(version)))!).Should().Be(session.Lines[0] + "\n");
    }

    [Theory]
    [MemberData(nameof(NotPlain))]
    public void Answer_ToWhatIsNotPlain_IsLeftToTheSdk(string what, string line) =>
        Greeting.Answer(Bytes(line)).Should().BeNull(what);

    [Fact]
    public async Task Answer_KeepsTheIdAsItCame()
    {
        await using var session = RawSession.Start(_workspace);
        await session.SendLine(Plain().Replace("\"id\":1", "\"id\":\"first \\u00e9\"", StringComparison.Ordinal));
        (await session.Heard(message => message["result"] is not null))["id"]!.GetValue<string>().Should().Be("first é");
    }

    [Fact]
    public async Task Answer_IsGivenOnce()
    {
        await using var session = RawSession.Start(_workspace);
        await session.SendLine(Plain());
        await session.SendLine("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await session.SendLine("""{"jsonrpc":"2.0","id":2,"method":"ping"}""");
        await session.Answer(2);
        (await session.HangUp()).Should().Be(0);
        session.Lines.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<int>()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Answer_ThatTheSdkDoesNotHold_EndsTheConnection()
    {
        await using var session = RawSession.Start(_workspace);
        await session.SendLine(Plain().Replace("\"roots\":{}", "\"roots\":{\"listChanged\":{}}", StringComparison.Ordinal));
        await session.Answer(1);
        await session.Exit();
        session.Lines.Should().ContainSingle();
        session.StandardError.Should().Contain("initialize request does not hold");
    }

    private static string Plain(string version = "2025-11-25") =>
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"VERSION","capabilities":{"roots":{}},"clientInfo":{"name":"raw","version":"1"}}}"""
            .Replace("VERSION", version, StringComparison.Ordinal);

    private static ReadOnlySequence<byte> Bytes(string line) => new(Encoding.UTF8.GetBytes(line));
}
