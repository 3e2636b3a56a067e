using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

/// <summary>Every kind of value, as a real server writes it.</summary>
public sealed class ValueTests(EmptyDatabase fixture) : IClassFixture<EmptyDatabase>
{
    [Theory]
    [InlineData("null::int", "null")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("(-32768)::int2", "-32768")]
    [InlineData("(-2147483648)::int4", "-2147483648")]
    [InlineData("9007199254740991::int8", "9007199254740991")]
    [InlineData("9007199254740992::int8", "\"9007199254740992\"")]
    [InlineData("-9007199254740991::int8", "-9007199254740991")]
    [InlineData("9223372036854775807::int8", "\"9223372036854775807\"")]
    [InlineData("(-9223372036854775808)::int8", "\"-9223372036854775808\"")]
    [InlineData("4294967295::oid", "4294967295")]
    [InlineData("0.1::float4", "0.1")]
    [InlineData("0.1::float8 + 0.2::float8", "0.30000000000000004")]
    [InlineData("1e300::float8", "1e+300")]
    [InlineData("5e-324::float8", "5e-324")]
    [InlineData("'-0'::float8", "-0")]
    [InlineData("'NaN'::float8", "\"NaN\"")]
    [InlineData("'Infinity'::float4", "\"Infinity\"")]
    [InlineData("'-Infinity'::float8", "\"-Infinity\"")]
    [InlineData("1.50::numeric(10,2)", "\"1.50\"")]
    [InlineData("'NaN'::numeric", "\"NaN\"")]
    [InlineData("'-Infinity'::numeric", "\"-Infinity\"")]
    [InlineData("1e-20::numeric", "\"0.00000000000000000001\"")]
    [InlineData("1234.5::money", "\"$1,234.50\"")]
    public async Task Read_Number_IsExact(string expression, string json) => (await First(expression)).Should().Be(json);

    [Fact]
    public async Task Read_NumericOfAThousandDigits_IsWhole() =>
        (await First("(repeat('123456789', 112) || '.' || repeat('987654321', 112))::numeric"))
            .Should().Be($"\"{string.Concat(Enumerable.Repeat("123456789", 112))}.{string.Concat(Enumerable.Repeat("987654321", 112))}\"");

    [Theory]
    [InlineData("date '2026-01-31'", "2026-01-31")]
    [InlineData("date 'infinity'", "infinity")]
    [InlineData("date '0044-03-15 BC'", "0044-03-15 BC")]
    [InlineData("date '5874897-12-31'", "5874897-12-31")]
    [InlineData("time '24:00:00'", "24:00:00")]
    [InlineData("time '23:59:59.999999'", "23:59:59.999999")]
    [InlineData("timetz '01:02:03.5+15:59'", "01:02:03.5+15:59")]
    [InlineData("timestamp '294276-12-31 23:59:59.999999'", "294276-12-31 23:59:59.999999")]
    [InlineData("timestamp '-infinity'", "-infinity")]
    [InlineData("timestamp '4713-01-01 00:00:00 BC'", "4713-01-01 00:00:00 BC")]
    [InlineData("timestamptz '2026-06-01 12:00:00.000001+02'", "2026-06-01 10:00:00.000001+00")]
    [InlineData("timestamptz 'infinity'", "infinity")]
    [InlineData("interval '1 year 2 months 3 days 04:05:06.789'", "P1Y2M3DT4H5M6.789S")]
    [InlineData("interval '-1 day +1 hour'", "P-1DT1H")]
    [InlineData("interval '178000000 years'", "P178000000Y")]
    public async Task Read_Time_IsTheServersOwnText(string expression, string text) => (await First(expression)).Should().Be($"\"{text}\"");

    [Theory]
    [InlineData("''::text", "\"\"")]
    [InlineData("'it''s \"quoted\" \\ and' || chr(10) || chr(9) || chr(1)", "\"it's \\\"quoted\\\" \\\\ and\\n\\t\\u0001\"")]
    [InlineData("'Grüße ☃ 漢字'::varchar(20)", "\"Grüße ☃ 漢字\"")]
    [InlineData("'ab'::char(4)", "\"ab  \"")]
    [InlineData("'a'::\"char\"", "\"a\"")]
    [InlineData("current_database()::name is not null", "true")]
    [InlineData("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"")]
    [InlineData("inet '::ffff:1.2.3.4/128'", "\"::ffff:1.2.3.4\"")]
    [InlineData("cidr '10.0.0.0/8'", "\"10.0.0.0/8\"")]
    [InlineData("macaddr '08:00:2b:01:02:03'", "\"08:00:2b:01:02:03\"")]
    [InlineData("macaddr8 '08:00:2b:01:02:03:04:05'", "\"08:00:2b:01:02:03:04:05\"")]
    [InlineData("b'0101'", "\"0101\"")]
    [InlineData("b'0101'::varbit", "\"0101\"")]
    [InlineData("point(1,2)", "\"(1,2)\"")]
    [InlineData("box(point(0,0),point(1,1))", "\"(1,1),(0,0)\"")]
    [InlineData("int4range(1,5)", "\"[1,5)\"")]
    [InlineData("int4multirange(int4range(1,2),int4range(5,6))", "\"{[1,2),[5,6)}\"")]
    [InlineData("tsrange('2026-01-01', 'infinity')", "\"[\\\"2026-01-01 00:00:00\\\",infinity)\"")]
    [InlineData("row(1, 'a b', null, true)", "\"(1,\\\"a b\\\",,t)\"")]
    [InlineData("xml '<a>&amp;</a>'", "\"<a>&amp;</a>\"")]
    [InlineData("to_tsvector('simple', 'a b')", "\"'a':1 'b':2\"")]
    [InlineData("to_tsquery('simple', 'a & b')", "\"'a' & 'b'\"")]
    [InlineData("'$.a[*]'::jsonpath", "\"$.\\\"a\\\"[*]\"")]
    [InlineData("'16/B374D848'::pg_lsn", "\"16/B374D848\"")]
    [InlineData("'10:20:10,14,15'::pg_snapshot", "\"10:20:10,14,15\"")]
    [InlineData("'pg_class'::regclass", "\"pg_class\"")]
    [InlineData("'(0,1)'::tid", "\"(0,1)\"")]
    [InlineData("'5'::xid8", "\"5\"")]
    [InlineData("'1 2'::int2vector", "\"1 2\"")]
    [InlineData("'x'::information_schema.sql_identifier", "\"x\"")]
    public async Task Read_Text_IsAString(string expression, string json) => (await First(expression)).Should().Be(json);

    [Theory]
    [InlineData("""'{"b": 1, "a": [1, 2.50, null, true, "x"]}'::jsonb""", """{"a":[1,2.50,null,true,"x"],"b":1}""")]
    [InlineData("""'{ "b" : 1 , "a" : {} }'::json""", """{"b":1,"a":{}}""")]
    [InlineData("""'[1e400, -0, 1.0, 123456789012345678901234567890, 1E-400]'::json""", "[1e400,-0,1.0,123456789012345678901234567890,1E-400]")]
    [InlineData("'123456789012345678901234567890.10'::jsonb", "123456789012345678901234567890.10")]
    [InlineData("'null'::jsonb", "null")]
    [InlineData("'\"x\"'::jsonb", "\"x\"")]
    [InlineData("""'{"a":1,"a":2}'::json""", "\"{\\\"a\\\":1,\\\"a\\\":2}\"")]
    [InlineData("""'[{"a":{"x":1,"\u0078":2}}]'::json""", "\"[{\\\"a\\\":{\\\"x\\\":1,\\\"\\\\u0078\\\":2}}]\"")]
    [InlineData("""'["\ud800"]'::json""", """
        "[\"\\ud800\"]"
        """)]
    [InlineData("""'{"\udc00":1}'::json""", """
        "{\"\\udc00\":1}"
        """)]
    [InlineData("""'["\u0000","\ud83c\udf0d"]'::json""", """["\u0000","\uD83C\uDF0D"]""")]
    public async Task Read_Json_IsEmbeddedWhereItIsCleanAndAStringElsewhere(string expression, string json) => (await First(expression)).Should().Be(json);

    [Fact]
    public async Task Read_JsonAsDeepAsAllowed_IsEmbeddedAndDeeperIsAString()
    {
        (await First("(repeat('[', 32) || repeat(']', 32))::json")).Should().Be(new string('[', 32) + new string(']', 32));
        (await First("(repeat('[', 33) || repeat(']', 33))::json")).Should().Be($"\"{new string('[', 33)}{new string(']', 33)}\"");
        (await First("(repeat('[', 1000) || repeat(']', 1000))::jsonb")).Should().Be($"\"{new string('[', 1000)}{new string(']', 1000)}\"");
    }

    [Theory]
    [InlineData("'\\x00ff10'::bytea", """{"base64":"AP8Q","bytes":3}""")]
    [InlineData("''::bytea", """{"base64":"","bytes":0}""")]
    [InlineData("array['\\x00'::bytea, null, '']", """[{"base64":"AA==","bytes":1},null,{"base64":"","bytes":0}]""")]
    public async Task Read_Bytes_AreBase64(string expression, string json) => (await First(expression)).Should().Be(json);

    [Fact]
    public async Task Read_BytesInEscapeFormat_AreTheServersText()
    {
        await using var connection = await fixture.Database.Open();
        await Database.Run(connection, "set bytea_output = 'escape'");
        (await Database.Read(connection, "select '\\x00ff41'::bytea")).First().Should().Be("\"\\\\000\\\\377A\"");
    }

    [Theory]
    [InlineData("'{}'::int[]", "[]")]
    [InlineData("array[1,null,3]", "[1,null,3]")]
    [InlineData("array[[1,2],[3,4]]", "[[1,2],[3,4]]")]
    [InlineData("'[2:3]={7,8}'::int[]", "[7,8]")]
    [InlineData("'[-1:0][5:6]={{1,2},{3,4}}'::int[]", "[[1,2],[3,4]]")]
    [InlineData("'{{{{{{1}}}}}}'::int[]", "[[[[[[1]]]]]]")]
    [InlineData("array[9007199254740993]::int8[]", "[\"9007199254740993\"]")]
    [InlineData("array['NaN', 0.1, '-Infinity']::float8[]", "[\"NaN\",0.1,\"-Infinity\"]")]
    [InlineData("array[1.10, null]::numeric(4,2)[]", "[\"1.10\",null]")]
    [InlineData("array[true, false, null]", "[true,false,null]")]
    [InlineData("""array['', 'NULL', 'null', null, 'a"b', 'c\d', 'e,f', '{g}', ' h ', 'i', E'\n', '☃']""", """["","NULL","null",null,"a\"b","c\\d","e,f","{g}"," h ","i","\n","☃"]""")]
    [InlineData("array[date 'infinity', date '0001-01-01 BC']", "[\"infinity\",\"0001-01-01 BC\"]")]
    [InlineData("array[timestamptz '2026-01-01 00:00+00']", "[\"2026-01-01 00:00:00+00\"]")]
    [InlineData("""array['{"a":[1,"x,\"y"]}'::jsonb, 'null', null]""", """[{"a":[1,"x,\"y"]},null,null]""")]
    [InlineData("array[box '(1,2),(3,4)', null, box '(5,6),(7,8)']", "[\"(3,4),(1,2)\",null,\"(7,8),(5,6)\"]")]
    [InlineData("array[int4range(1,3)]", "[\"[1,3)\"]")]
    [InlineData("array[row(1,'a,b')]", "[\"(1,\\\"a,b\\\")\"]")]
    [InlineData("array['a'::\"char\", ',']", "[\"a\",\",\"]")]
    [InlineData("array['pg_class'::regclass]", "[\"pg_class\"]")]
    [InlineData("array['x'::name]", "[\"x\"]")]
    public async Task Read_Array_IsNested(string expression, string json) => (await First(expression)).Should().Be(json);

    [Fact]
    public async Task Read_ArrayWithOneUncleanJson_IsTheServersText() =>
        (await First("""array['{"a":1,"a":2}'::json, '1']""")).Should().Be("\"{\\\"{\\\\\\\"a\\\\\\\":1,\\\\\\\"a\\\\\\\":2}\\\",1}\"");

    private async Task<string> First(string expression) => (await fixture.Database.Read($"select {expression}")).First();
}
