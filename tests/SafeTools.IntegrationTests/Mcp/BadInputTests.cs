using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>Whatever comes in: one clear answer, no change, nothing let slip, and the next request is served.</summary>
public sealed class BadInputTests(BadInputFixture fixture) : IClassFixture<BadInputFixture>
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int UnknownMethod = -32601;
    private const int InvalidParams = -32602;

    private RawSession Session => fixture.Session;

    public static TheoryData<string, string, int> Frames => new()
    {
        { "cut off", """{"jsonrpc":"2.0","id":7""", ParseError },
        { "no JSON", "GET / HTTP/1.1", ParseError },
        { "a comment", """{"jsonrpc":"2.0",/* hi */"id":7,"method":"tools/list"}""", ParseError },
        { "a batch", """[{"jsonrpc":"2.0","id":7,"method":"tools/list"}]""", InvalidRequest },
        { "a number", "7", InvalidRequest },
        { "null", "null", InvalidRequest },
        { "a method twice", """{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/list"}""", ParseError },
        { "an argument twice", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":{"volume":"scratch-data","volume":"orders-data"}}}""", ParseError },
        { "a key twice by an escape", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":{"volume":"a","volum\u0065":"b"}}}""", ParseError },
        { "too many levels", $$$"""{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"a":{{{new string('[', 100)}}}{{{new string(']', 100)}}}}}""", ParseError },
        { "a NUL byte", "{\"jsonrpc\":\"2.0\",\"id\":7,\0\"method\":\"tools/list\"}", ParseError },
        { "a NUL byte in a text", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools\0/list\"}", ParseError },
        { "two messages on one line", """{"jsonrpc":"2.0","id":7,"method":"tools/list"}{"jsonrpc":"2.0","id":8,"method":"tools/list"}""", ParseError },
        { "an id that is null", """{"jsonrpc":"2.0","id":null,"method":"tools/list"}""", InvalidRequest },
        { "an id that is an object", """{"jsonrpc":"2.0","id":{"a":1},"method":"tools/list"}""", InvalidRequest },
        { "an id that is a fraction", """{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}""", InvalidRequest },
        { "an id beyond 64 bits", """{"jsonrpc":"2.0","id":99999999999999999999,"method":"tools/list"}""", InvalidRequest },
        { "a lone surrogate as id", """{"jsonrpc":"2.0","id":"\ud800","method":"tools/list"}""", InvalidRequest },
        { "another JSON-RPC", """{"jsonrpc":"1.0","id":7,"method":"tools/list"}""", InvalidRequest },
        { "no JSON-RPC", """{"id":7,"method":"tools/list"}""", InvalidRequest },
        { "no method", """{"jsonrpc":"2.0","id":7}""", InvalidRequest },
        { "a method that is a number", """{"jsonrpc":"2.0","id":7,"method":7}""", InvalidRequest },
        { "a method with a lone surrogate", """{"jsonrpc":"2.0","id":7,"method":"\udfff"}""", InvalidRequest },
        { "an unknown method", """{"jsonrpc":"2.0","id":7,"method":"tools/approve"}""", UnknownMethod },
        { "a method of resources", """{"jsonrpc":"2.0","id":7,"method":"resources/list"}""", UnknownMethod },
        { "parameters in a list", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":["delete_volume"]}""", InvalidParams },
        { "parameters in a text", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"delete_volume"}""", InvalidParams },
        { "no parameters", """{"jsonrpc":"2.0","id":7,"method":"tools/call"}""", InvalidParams },
        { "no tool's name", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{}}}""", InvalidParams },
        { "a name that is null", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":null}}""", InvalidParams },
        { "a name that is a list", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":["delete_volume"]}}""", InvalidParams },
        { "a name of bidi characters", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"\u202edelete_volume","arguments":{}}}""", InvalidParams },
        { "a name with a lone surrogate", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"\ud800","arguments":{}}}""", InvalidParams },
        { "a progress token that is an object", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"list_volumes","arguments":{},"_meta":{"progressToken":{"a":1}}}}""", InvalidParams },
        { "a _meta that is a text", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"list_volumes","arguments":{},"_meta":"x"}}""", InvalidParams },
        { "a cursor that is a number", """{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":7}}""", InvalidParams },
        { "a lone surrogate in a volume", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":{"volume":"a\ud800"}}}""", InvalidParams },
        { "half a pair, reversed in an argument", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":{"volume":"\udc00\ud800"}}}""", InvalidParams },
        { "a lone surrogate in a reason", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"delete_volume","arguments":{"volume":"orders-data","reason":"\ud83d"}}}""", InvalidParams },
        { "arguments in a list", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":["orders-data"]}}""", InvalidParams },
    };

    public static TheoryData<string, string, string, string> Arguments => new()
    {
        { "a NUL", "describe_volume", """{"volume":"orders-data\u0000"}""", "ST1102" },
        { "a line break", "describe_volume", """{"volume":"orders-data\n"}""", "ST1102" },
        { "another type", "describe_volume", """{"volume":7}""", "ST1104" },
        { "null", "describe_volume", """{"volume":null}""", "ST1104" },
        { "an object", "describe_volume", """{"volume":{"name":"orders-data"}}""", "ST1104" },
        { "none", "describe_volume", "{}", "ST1103" },
        { "one too many", "describe_volume", """{"volume":"orders-data","confirm":true}""", "ST1101" },
        { "a key of control characters", "describe_volume", """{"volume":"orders-data","\u001b[2J":1}""", "ST1101" },
        { "a reason for a read", "describe_volume", """{"volume":"orders-data","reason":"x"}""", "ST1101" },
        { "a huge number", "orders_by_customer", """{"customer":"n1","limit":1e999}""", "ST1104" },
        { "a number beyond 64 bits", "orders_by_customer", """{"customer":"n1","limit":99999999999999999999999999}""", "ST1104" },
        { "a number with a fraction", "orders_by_customer", """{"customer":"n1","limit":1.5}""", "ST1104" },
        { "a negative number", "orders_by_customer", """{"customer":"n1","limit":-1}""", "ST1102" },
        { "a text too long", "orders_by_customer", $$"""{"customer":"{{new string('n', 65)}}"}""", "ST1102" },
        { "two statements", "query_staging_db", """{"sql":"select 1; drop table orders"}""", "ST1601" },
        { "a NUL in a statement", "query_staging_db", """{"sql":"select 1 \u0000; drop table orders"}""", "ST16" },
        { "a reason too long", "delete_volume", $$"""{"volume":"orders-data","reason":"{{new string('r', 501)}}"}""", "ST1102" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Frame_Bad_IsAnsweredWithOneError(string what, string line, int code)
    {
        var answer = await Said(Encoding.UTF8.GetBytes(line + "\n"));

        answer["error"]!["code"]!.GetValue<int>().Should().Be(code, $"{what}: {answer.ToJsonString()}");
        await Unharmed();
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task Argument_Bad_IsRefused(string what, string tool, string arguments, string code)
    {
        var answer = await Said(Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""" + "\n"));

        var refused = RawSession.Structured(answer);
        refused["outcome"]!.GetValue<string>().Should().Be("refused", what);
        refused["code"]!.GetValue<string>().Should().StartWith(code, $"{what}: {refused.ToJsonString()}");
        await Unharmed();
    }

    [Fact]
    public async Task Utf8_Invalid_IsRefused()
    {
        var start = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_volume","arguments":{"volume":"a"""u8;
        var answer = await Said([.. start, 0xff, 0xc0, 0xaf, .. "\"}}}\n"u8]);

        (answer["error"] ?? RawSession.Structured(answer)["code"]).Should().NotBeNull(answer.ToJsonString());
        await Unharmed();
    }

    [Fact]
    public async Task Line_OfTwoMebibytes_IsRefused()
    {
        var answer = await Said(Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"a":"{{{new string('a', 2 * 1024 * 1024)}}}"}}""" + "\n"));

        answer["error"]!["code"]!.GetValue<int>().Should().Be(InvalidRequest);
        await Unharmed();
    }

    [Fact]
    public async Task Line_ThatDoesNotEnd_IsRefusedBeforeItsEnd()
    {
        var answer = await Said(Encoding.UTF8.GetBytes(new string('a', 5 * 1024 * 1024)));
        answer["error"]!["code"]!.GetValue<int>().Should().Be(InvalidRequest);

        await Session.SendBytes("\n"u8.ToArray());
        await Unharmed();
    }

    [Fact]
    public async Task Lines_Empty_AreNotAnswered()
    {
        var heard = Session.Lines.Count;
        await Session.SendBytes("\n\r\n \t \n\n"u8.ToArray());

        await Unharmed();
        Session.Lines.Skip(heard).Should().HaveCount(1, "only the request after them is answered");
    }

    [Fact]
    public async Task Answers_ThatNobodyAskedFor_AreIgnored()
    {
        var heard = Session.Lines.Count;
        await Session.SendLine("""{"jsonrpc":"2.0","id":424242,"result":{"approved":true}}""");
        await Session.SendLine("""{"jsonrpc":"2.0","method":"notifications/proposals/approve","params":{"id":"act-000000000000"}}""");

        await Unharmed();
        Session.Lines.Skip(heard).Should().HaveCount(1);
    }

    /// <summary>The one message that comes for these bytes.</summary>
    private async Task<JsonObject> Said(byte[] bytes)
    {
        var from = Session.Lines.Count;
        await Session.SendBytes(bytes);
        return await Session.Heard(message => message.ContainsKey("id"), from);
    }

    private async Task Unharmed()
    {
        var next = await Session.Call("describe_access", []);
        next["outcome"]!.GetValue<string>().Should().Be("executed", "the next request is served");
        fixture.Workspace.GroundDigest().Should().Be(fixture.Ground, "nothing changed");
        foreach (var line in Session.Lines)
        {
            line.Should().NotContain(fixture.Workspace.Folder).And.NotContain("Exception").And.NotContain(" at SafeTools").And.NotContain("System.").And.NotContain("/tmp/");
            JsonNode.Parse(line)!.AsObject()["jsonrpc"]!.GetValue<string>().Should().Be("2.0");
        }
    }
}
