using System.Text;
using SafeTools.Server.Secrets;

namespace SafeTools.Tests.Secrets;

public sealed class VariableFileTextTests
{
    [Theory]
    [InlineData("DB=v", "v")]
    [InlineData("DB=v\n", "v")]
    [InlineData("DB=v\r\nA=1\r\n", "v")]
    [InlineData("# a comment\n\n  \nexport DB=v\n", "v")]
    [InlineData("  DB=v", "v")]
    [InlineData("DB='a b#$&'", "a b#$&")]
    [InlineData("DB=\"a b#'&\" # why", "a b#'&")]
    [InlineData("DB=postgres://u:p@h:5432/d?sslmode=require&x=1", "postgres://u:p@h:5432/d?sslmode=require&x=1")]
    [InlineData("DB=", "")]
    [InlineData("DB=\"\"", "")]
    [InlineData("# DB=no\nDB=v", "v")]
    [InlineData("XDB=1\nDB=v\nDBX=2", "v")]
    [InlineData("A='x=\"y'\nDB=v", null)]
    [InlineData("A=\"it's\"\nDB=v", null)]
    [InlineData("A=x\\\nDB=v", null)]
    [InlineData("A=\"line one\nDB=v\nthree\"", null)]
    [InlineData("DB=a b", null)]
    [InlineData("DB= v", null)]
    [InlineData("DB=v ", null)]
    [InlineData("DB=v # why", null)]
    [InlineData("DB=a#b", null)]
    [InlineData("DB=a$b", null)]
    [InlineData("DB=a\\b", null)]
    [InlineData("DB=a\"b", null)]
    [InlineData("DB=\"a\\nb\"", null)]
    [InlineData("DB=\"a$b\"", null)]
    [InlineData("DB='a${b}'", null)]
    [InlineData("DB='a\\b'", null)]
    [InlineData("DB='a'b", null)]
    [InlineData("DB='open", null)]
    [InlineData("DB=a\rb", null)]
    [InlineData("DB=ä", null)]
    [InlineData("DB = v", null)]
    [InlineData("DB=v\nDB=v", null)]
    [InlineData("DB=v\nexport DB=w", null)]
    [InlineData("db=v", null)]
    [InlineData("DB", null)]
    public void Value_AsWritten_IsWhatEveryReaderReadsOrNothing(string file, string? value)
    {
        VariableFileText.Find(Encoding.UTF8.GetBytes(file), "DB", out _)?.Value.Should().Be(value);
    }

    [Theory]
    [InlineData("# c\nA=1\nDB=old\nB='ü'\n", "new", "# c\nA=1\nDB=new\nB='ü'\n")]
    [InlineData("A=1\r\nDB=old\r\n\r\nB=2", "new", "A=1\r\nDB=new\r\n\r\nB=2")]
    [InlineData("DB='old'  # why", "n&w", "DB='n&w'  # why")]
    [InlineData("DB=\"old\"", "n$w", "DB='n$w'")]
    [InlineData("DB='old'", "n'w", "DB=\"n'w\"")]
    [InlineData("DB=\"o'd\"", "x", "DB=\"x\"")]
    [InlineData("  export DB=old", "new", "  export DB=new")]
    [InlineData("DB=a&b", "c&d", "DB=c&d")]
    [InlineData("DB=", "new", "DB=new")]
    [InlineData("DB=old", "a&b", null)]
    [InlineData("export DB=old", "a&b", null)]
    [InlineData("DB=old", "a b", null)]
    [InlineData("DB=old", "a#b", null)]
    [InlineData("DB='old'", "a'b$c", null)]
    [InlineData("DB='old'", "a\\b", null)]
    [InlineData("DB='old'", "a\nb", null)]
    [InlineData("DB='old'", "a' # '", "DB=\"a' # '\"")]
    [InlineData("DB='old'", "ü", null)]
    [InlineData("DB=o d", "new", null)]
    public void With_AnotherValue_ReplacesItAloneOrNothing(string file, string value, string? expected)
    {
        var changed = VariableFileText.Find(Encoding.UTF8.GetBytes(file), "DB", out _)?.With(value);

        (changed is null ? null : Encoding.UTF8.GetString(changed)).Should().Be(expected);
        if (changed is not null)
        {
            VariableFileText.Find(changed, "DB", out _)!.Value.Should().Be(value);
        }
    }
}
