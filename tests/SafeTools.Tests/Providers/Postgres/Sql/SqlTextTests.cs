using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sql;

/// <summary>Texts are divided as the server's scanner divides them; where the two could differ, nothing is sent.</summary>
public sealed class SqlTextTests
{
    private static string Kinds(string sql) => string.Join(' ', SqlText.Tokens(sql).Select(token => token.Kind));

    private static string Texts(string sql) => string.Join('|', SqlText.Tokens(sql).Select(token => token.Text));

    [Theory]
    [InlineData("select 1", "Word Number")]
    [InlineData("SELECT 'a;b' ; ", "Word Text Semicolon")]
    [InlineData("select 'it''s'", "Word Text")]
    [InlineData("select E'a\\'; delete from x; --'", "Word Text")]
    [InlineData("select 'a\\'; delete", "Word Text Semicolon Word")]
    [InlineData("select e'a'\n'b\\'c'", "Word Text")]
    [InlineData("select e'a' -- note\n 'b\\'c'", "Word Text")]
    [InlineData("select e'a' 'b'", "Word Text Text")]
    [InlineData("select U&'d\\0061t', n'x', b'01', x'ff'", "Word Text Operator Text Operator Text Operator Text")]
    [InlineData("select U&\"d\\0061t\"", "Word EscapedName")]
    [InlineData("select \"a\"\"b\"", "Word QuotedName")]
    [InlineData("select $$ ; $$", "Word Text")]
    [InlineData("select $q$ ; $Q$ ; $q$", "Word Text")]
    [InlineData("select $1", "Word Parameter")]
    [InlineData("select $1abc", "Word Broken Word")]
    [InlineData("select /* a /* b */ c */ 1", "Word Number")]
    [InlineData("select /* a", "Word Broken")]
    [InlineData("select 'a", "Word Broken")]
    [InlineData("select \"a", "Word Broken")]
    [InlineData("select $a$ b", "Word Broken")]
    [InlineData("select 1 -- c;\n;", "Word Number Semicolon")]
    [InlineData("select 1e-5, .5, 1.5e+3", "Word Number Operator Number Operator Number")]
    [InlineData("select a->>'b'", "Word Word Operator Text")]
    [InlineData("select 1--2\n", "Word Number")]
    [InlineData("select 1*/*x*/2", "Word Number Operator Number")]
    [InlineData("select (a).b", "Word Opening Word Closing Operator Word")]
    [InlineData("select \\g", "Word Broken")]
    public void Tokens_Of_AreThoseOfTheServer(string sql, string kinds) => Kinds(sql).Should().Be(kinds);

    [Theory]
    [InlineData("SeLeCT Größe", "select|größe")]
    [InlineData("select \"Größe\"\"x\"", "select|Größe\"x")]
    [InlineData("a<=>b", "a|<=>|b")]
    [InlineData("a+-1", "a|+-|1")]
    public void Tokens_Names_AreFoldedAsTheServerFolds(string sql, string texts) => Texts(sql).Should().Be(texts);

    [Fact]
    public void Tokens_EveryStart_LiesInTheText()
    {
        const string Sql = "select \"a b\", $t$x$t$ from t -- end";
        SqlText.Tokens(Sql).Should().OnlyContain(token => token.Start >= 0 && token.Start < Sql.Length);
    }
}
