using System.Text;
using System.Text.Json.Nodes;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

public sealed class LimitTests(EmptyDatabase fixture) : IClassFixture<EmptyDatabase>
{
    private const string Whole = """{"columns":[{"name":"i","type":"integer"},{"name":"t","type":"text"}],"rows":[[1,"xxx"],[2,"xxx"],[3,"xxx"]],"row_count":3,"truncated":false,"cut":[]}""";
    private const string Three = "select i, 'xxx' as t from generate_series(1, 3) i";

    private static Limits Of(int rows = 1000, long bytes = 1024 * 1024) => new(rows, bytes, TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Read_FewRows_AnswersThemWholeAndLeavesNothingUnread()
    {
        var answer = await fixture.Database.Read(Three);
        answer.Data().ToJsonString().Should().Be(Whole);
        answer.LeftUnread.Should().BeFalse();
    }

    [Fact]
    public async Task Read_RowsExactlyAtTheLimit_IsWhole()
    {
        var answer = await fixture.Database.Read(Three, Of(rows: 3));
        answer.Data().ToJsonString().Should().Be(Whole);
        answer.LeftUnread.Should().BeFalse();
    }

    [Fact]
    public async Task Read_OneRowBeyondTheLimit_IsTruncatedAndLeavesTheRestUnread()
    {
        var answer = await fixture.Database.Read("select i from generate_series(1, 2000) i, generate_series(1, 100000) j", Of(rows: 2));
        answer.Data().ToJsonString().Should().Be("""{"columns":[{"name":"i","type":"integer"}],"rows":[[1],[1]],"row_count":2,"truncated":true,"cut":[]}""");
        answer.LeftUnread.Should().BeTrue();
    }

    [Fact]
    public async Task Read_BytesExactlyAtTheLimit_IsWhole() =>
        (await fixture.Database.Read(Three, Of(bytes: Whole.Length))).Data().ToJsonString().Should().Be(Whole);

    [Fact]
    public async Task Read_OneByteBeyondTheLimit_EndsBeforeThatRow()
    {
        var answer = await fixture.Database.Read(Three, Of(bytes: Whole.Length - 1));
        answer.Rows().Should().Be("""[[1,"xxx"],[2,"xxx"]]""");
        answer.Data()["truncated"]!.GetValue<bool>().Should().BeTrue();
        answer.LeftUnread.Should().BeTrue();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Read_OneMoreDigitOfTheCount_IsCounted(int rows)
    {
        var sql = $"select i from generate_series(1, {rows}) i";
        var size = (await fixture.Database.Read(sql)).Data().ToJsonString().Length;
        (await fixture.Database.Read(sql, Of(bytes: size))).Data()["row_count"]!.GetValue<int>().Should().Be(rows);
        (await fixture.Database.Read(sql, Of(bytes: size - 1))).Data()["row_count"]!.GetValue<int>().Should().Be(rows - 1);
    }

    [Fact]
    public async Task Read_NoRows_AnswersColumns() => (await fixture.Database.Read("select 1 as a, 'x' as a where false")).Data().ToJsonString()
        .Should().Be("""{"columns":[{"name":"a","type":"integer"},{"name":"a","type":"text"}],"rows":[],"row_count":0,"truncated":false,"cut":[]}""");

    [Fact]
    public async Task Read_NoColumns_AnswersEmptyRows() => (await fixture.Database.Read("select from generate_series(1, 3)")).Data().ToJsonString()
        .Should().Be("""{"columns":[],"rows":[[],[],[]],"row_count":3,"truncated":false,"cut":[]}""");

    [Fact]
    public async Task Read_NoColumnsInFewBytes_StaysWithinThem()
    {
        var empty = (await fixture.Database.Read("select where false")).Data().ToJsonString().Length;
        for (var bytes = empty; bytes < empty + 12; bytes++)
        {
            var answer = await fixture.Database.Read("select from generate_series(1, 3)", Of(bytes: bytes));
            if (answer.Execution is Execution.Done)
                answer.Data().ToJsonString().Length.Should().BeLessThanOrEqualTo(bytes);
            else
                bytes.Should().BeLessThan(empty + 2);
        }
    }

    [Fact]
    public async Task Read_SixteenHundredColumns_AnswersAll()
    {
        var answer = await fixture.Database.Read($"select {string.Join(',', Enumerable.Range(1, 1600).Select(i => $"{i} as a{i}"))}");
        answer.Data()["rows"]![0]!.AsArray().Should().HaveCount(1600);
        answer.Data()["columns"]![1599]!["name"]!.GetValue<string>().Should().Be("a1600");
    }

    [Fact]
    public async Task Read_ColumnNamesBeyondTheLimit_Refuses()
    {
        var answer = await fixture.Database.Read($"select {string.Join(',', Enumerable.Range(1, 1600).Select(i => $"{i}"))}", Of(bytes: 1024));
        answer.Execution.Why().Code.Should().Be(RefusalCatalog.StatementTooCostly);
        answer.LeftUnread.Should().BeTrue();
    }

    [Fact]
    public async Task Read_FirstRowWithoutAnyRoom_Refuses()
    {
        var empty = (await fixture.Database.Read("select 123456789, 123456789 where false")).Data().ToJsonString().Length;
        var answer = await fixture.Database.Read("select 123456789, 123456789", Of(bytes: empty + 20));
        answer.Execution.Why().Code.Should().Be(RefusalCatalog.StatementTooCostly);
        answer.LeftUnread.Should().BeTrue();
    }

    [Fact]
    public async Task Read_TextOfTheLongestLength_IsWholeAndOneByteMoreIsCut()
    {
        (await fixture.Database.Read("select repeat('x', 65536) as body")).First().Length.Should().Be(65536 + 2);
        var answer = await fixture.Database.Read("select repeat('x', 65537) as body, 1 as a");
        answer.Data()["rows"]![0]![0]!.ToJsonString().Should().Be($$"""{"cut":true,"bytes":65537,"text":"{{new string('x', 65536)}}"}""");
        answer.Data()["rows"]![0]![1]!.GetValue<int>().Should().Be(1);
        answer.Data()["cut"]!.ToJsonString().Should().Be("[\"body\"]");
        answer.Data()["truncated"]!.GetValue<bool>().Should().BeFalse();
        answer.LeftUnread.Should().BeFalse();
    }

    [Fact]
    public async Task Read_ByteaOfTheLongestLength_IsWholeAndOneByteMoreIsCut()
    {
        (await fixture.Database.Read("select decode(repeat('00', 65536), 'hex')")).Data()["rows"]![0]![0]!["bytes"]!.GetValue<int>().Should().Be(65536);
        var cut = (await fixture.Database.Read("select decode(repeat('ff', 65537), 'hex')")).Data()["rows"]![0]![0]!;
        cut["cut"]!.GetValue<bool>().Should().BeTrue();
        cut["bytes"]!.GetValue<int>().Should().Be(65537);
        Convert.FromBase64String(cut["base64"]!.GetValue<string>()).Should().HaveCount(65536).And.OnlyContain(value => value == 0xff);
    }

    [Theory]
    [InlineData("é", 2)]
    [InlineData("漢", 3)]
    [InlineData("🌍", 4)]
    public async Task Read_TextCutInsideACharacter_EndsBeforeIt(string character, int size)
    {
        for (var shift = 0; shift < size; shift++)
        {
            var text = (await fixture.Database.Read($"select repeat('x', {shift}) || repeat('{character}', 40000)")).Data()["rows"]![0]![0]!["text"]!.GetValue<string>();
            text.Should().NotContain("\uFFFD");
            Encoding.UTF8.GetByteCount(text).Should().BeInRange(65536 - size + 1, 65536);
        }
    }

    [Theory]
    [InlineData("array_agg(i)")]
    [InlineData("jsonb_agg(i)")]
    [InlineData("string_agg(i::text, '')::numeric")]
    public async Task Read_LongValueOfAnyType_IsCutAsText(string aggregate)
    {
        var value = (await fixture.Database.Read($"select {aggregate} from generate_series(1, 20000) i")).Data()["rows"]![0]![0]!;
        value["cut"]!.GetValue<bool>().Should().BeTrue();
        value["text"]!.GetValue<string>().Should().HaveLength(65536);
    }

    [Fact]
    public async Task Read_FirstRowWiderThanTheLimit_IsCutToFit()
    {
        var answer = await fixture.Database.Read("select repeat('a', 5000) as a, repeat(chr(1), 5000) as b, 7 as c, null as d, decode(repeat('00', 5000), 'hex') as e", Of(bytes: 2000));
        var json = answer.Data().ToJsonString();
        json.Length.Should().BeInRange(1500, 2000);
        var row = answer.Data()["rows"]![0]!;
        row[0]!["text"]!.GetValue<string>().Should().StartWith("aaaaaaaa");
        row[1]!["bytes"]!.GetValue<int>().Should().Be(5000);
        row[2]!.GetValue<int>().Should().Be(7);
        row[3].Should().BeNull();
        row[4]!["base64"].Should().NotBeNull();
        answer.Data()["cut"]!.ToJsonString().Should().Be("[\"a\",\"b\",\"e\"]");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("🌍")]
    [InlineData("\u0001")]
    public async Task Read_FirstValueWiderThanTheLimit_FillsIt(string character)
    {
        await using var connection = await fixture.Database.Open();
        for (var bytes = 160; bytes < 220; bytes++)
        {
            var data = (await Database.Read(connection, $"select repeat('{character}', 1000) as a", Of(bytes: bytes))).Data();
            data.ToJsonString().Length.Should().BeInRange(bytes - 13, bytes);
            data["rows"]![0]![0]!["text"]!.GetValue<string>().Should().NotContain("\uFFFD").And.StartWith(character);
        }
    }

    [Fact]
    public async Task Read_LaterRowWiderThanWhatIsLeft_EndsBeforeItAndNotesNoCut()
    {
        var answer = await fixture.Database.Read("select repeat('a', i) from (values (10), (100000)) v(i)", Of(bytes: 2000));
        answer.Rows().Should().Be("[[\"aaaaaaaaaa\"]]");
        answer.Data()["truncated"]!.GetValue<bool>().Should().BeTrue();
        answer.Data()["cut"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Read_NamesThatNeedEscaping_AreCountedAsTheyAreWritten()
    {
        const string Sql = "select repeat('\u202E\"🌍', 400) as \"\u202E\"\"🌍\", '<é>' as \"<é>\"";
        for (var bytes = 300; bytes < 700; bytes += 3)
        {
            if ((await fixture.Database.Read(Sql, Of(bytes: bytes))).Execution is Execution.Done done)
                done.Data.ToJsonString().Length.Should().BeLessThanOrEqualTo(bytes);
        }
    }

    [Fact]
    public async Task Read_SameAnswerWrittenAgain_IsTheSame()
    {
        var data = (await fixture.Database.Read("""select '{"a":[1e400,"☃"]}'::jsonb, 1e10::float8, '☃', array['☃']""")).Data();
        JsonNode.Parse(data.ToJsonString())!.ToJsonString().Should().Be(data.ToJsonString());
        data.DeepClone().ToJsonString().Should().Be(data.ToJsonString());
    }
}
