using System.Text;
using Npgsql;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

/// <summary>
/// A database whose encoding is SQL_ASCII keeps any bytes. To a client of another encoding the server refuses what is invalid there (22021); to one that asks for
/// SQL_ASCII it passes on what there is.
/// </summary>
public sealed class EncodingTests : IAsyncLifetime
{
    private Database _database = null!;

    public async Task InitializeAsync() => _database = await Database.New(options: "encoding 'SQL_ASCII' locale 'C' template template0");

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("convert_from('\\x41ff42', 'SQL_ASCII')", "\"A�B\"")]
    [InlineData("convert_from('\\xe6bc', 'SQL_ASCII')", "\"�\"")]
    [InlineData("convert_from('\\xe6bca2', 'SQL_ASCII')", "\"漢\"")]
    [InlineData("convert_from('\\xeda080', 'SQL_ASCII')", "\"���\"")]
    [InlineData("array[convert_from('\\x22ff2c5c', 'SQL_ASCII')]", "[\"\\\"�,\\\\\"]")]
    [InlineData("convert_from('\\x7b22ff223a317d', 'SQL_ASCII')::json", "{\"�\":1}")]
    [InlineData("row(convert_from('\\xff', 'SQL_ASCII'))", "\"(�)\"")]
    public async Task Read_BytesThatAreNotUtf8_BecomeReplacementCharacters(string expression, string json) =>
        (await Read($"select {expression}")).First().Should().Be(json);

    [Fact]
    public async Task Read_LongTextOfOtherBytes_IsCutWithoutFault()
    {
        var text = (await Read("select repeat(convert_from('\\xff', 'SQL_ASCII'), 70000)")).Data()["rows"]![0]![0]!["text"]!.GetValue<string>();
        text.Should().HaveLength(65536).And.Subject.Distinct().Should().Equal('\uFFFD');
    }

    [Fact]
    public async Task Read_ColumnNameOfOtherBytes_IsAKnownFault()
    {
        await _database.Change("""do $$ begin execute 'create table odd ("' || convert_from('\xff', 'SQL_ASCII') || '" int)'; end $$""");
        var read = () => Read("select * from odd");
        var fault = (await read.Should().ThrowAsync<Exception>()).Which;
        (fault is DecoderFallbackException || fault is NpgsqlException).Should().BeTrue($"{fault}");
    }

    private async Task<RowAnswer> Read(string sql)
    {
        await using var connection = await _database.Open();
        await Database.Run(connection, "set client_encoding = 'SQL_ASCII'");
        return await Database.Read(connection, sql);
    }
}
