using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using NpgsqlTypes;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

public sealed class RowPropertyTests(EmptyDatabase fixture) : IClassFixture<EmptyDatabase>
{
    private static Gen<string> Characters => Gen.OneOf(
        Gen.Elements("\"", "\\", "{", "}", ",", ";", " ", "NULL", "null", "\n", "\t", "a", "'", "=", "[", "]", ":", "☃", "🌍", "\u202E", "\u0001"),
        Gen.Choose(1, 0x10FFFF).Where(value => value is < 0xD800 or > 0xDFFF).Select(value => new Rune(value).ToString()));

    private static Gen<string?> Texts => Gen.Frequency((1, Gen.Constant<string?>(null)), (9, Characters.ArrayOf().Select(string? (parts) => string.Concat(parts))));

    [Fact]
    public async Task Read_AnyArrayOfText_ComesBackAsItWas()
    {
        await using var connection = await fixture.Database.Open();
        Prop.ForAll(Texts.ArrayOf().ToArbitrary(), texts =>
        {
            var array = Ask(connection, "select $1::text[]", Limits.Default, [texts])["rows"]![0]![0]!.AsArray();
            return array.Select(text => text?.GetValue<string>()).SequenceEqual(texts);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public async Task Read_AnyGridOfText_ComesBackAsItWas()
    {
        await using var connection = await fixture.Database.Open();
        var grids = from width in Gen.Choose(1, 4) from height in Gen.Choose(1, 4) from texts in Texts.ArrayOf(width * height) select (width, height, texts);
        Prop.ForAll(grids.ToArbitrary(), grid =>
        {
            var values = string.Join(',', Enumerable.Range(0, grid.height).Select(row => $"array[{string.Join(',', Enumerable.Range(0, grid.width).Select(column => $"${(row * grid.width) + column + 1}::text"))}]"));
            var array = Ask(connection, $"select array[{values}]", Limits.Default, [.. grid.texts])["rows"]![0]![0]!.AsArray();
            return array.SelectMany(row => row!.AsArray()).Select(text => text?.GetValue<string>()).SequenceEqual(grid.texts) && array.Count == grid.height;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public async Task Read_AnyRowsInAnyLimit_NeverExceedIt()
    {
        await using var connection = await fixture.Database.Open();
        var answered = 0;
        var cases = from bytes in Gen.Choose(100, 3000) from texts in Texts.ArrayOf() from repeated in Gen.Choose(1, 400) select (bytes, texts, repeated);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            const string Sql = "select t, repeat(t, $2) as \"é\"\"x\", array[t, t], to_jsonb(t), convert_to(t, 'UTF8'), length(t), row(t) from unnest($1::text[]) t";
            var limits = new Limits(1000, sample.bytes, TimeSpan.FromSeconds(30));
            if (TryAsk(connection, Sql, limits, sample.texts, sample.repeated) is not { } data)
                return true;
            answered++;
            var (rows, json) = (data["rows"]!.AsArray(), data.ToJsonString());
            return Encoding.UTF8.GetByteCount(json) <= sample.bytes && rows.Count == data["row_count"]!.GetValue<int>()
                && (data["truncated"]!.GetValue<bool>() || rows.Count == sample.texts.Length) && rows.All(row => row!.AsArray().Count == 7);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(40));
        answered.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task Read_AnyDouble_ComesBackToTheBit()
    {
        await using var connection = await fixture.Database.Open();
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
        {
            var value = BitConverter.Int64BitsToDouble(bits * 6364136223846793005);
            var json = Ask(connection, "select $1::float8", Limits.Default, value)["rows"]![0]![0]!;
            return double.IsFinite(value) ? json.GetValue<double>().Equals(value) : json.GetValue<string>().Length > 2;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static JsonObject Ask(NpgsqlConnection connection, string sql, Limits limits, params object?[] values) => TryAsk(connection, sql, limits, values)!;

    private static JsonObject? TryAsk(NpgsqlConnection connection, string sql, Limits limits, params object?[] values)
    {
        using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        foreach (var value in values)
            command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        using var reader = command.ExecuteReader(System.Data.CommandBehavior.SequentialAccess);
        var answer = SafeTools.Providers.Postgres.RowStream.Read(reader, limits, Database.NoTypes, CancellationToken.None).GetAwaiter().GetResult();
        return answer.Execution is Execution.Done done ? done.Data : null;
    }
}
