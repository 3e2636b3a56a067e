using System.Text;
using System.Text.RegularExpressions;

namespace SafeTools.Server.Secrets;

/// <summary>
/// A file of variables (NAME=value, a line each) as docker --env-file, systemd's EnvironmentFile=, dotenv and sh read it. They differ in quotes, escapes,
/// comments and expansion; here only that is read and written which those of them that can be its readers take alike, and the file's own text says which
/// can: docker takes quotes for part of the value, so whoever wrote them has another reader; a shell stumbles over an unquoted <c>&amp;</c>. Everything
/// else refuses. One character a byte, so that whatever is not the value stays as it was.
/// </summary>
internal sealed partial class VariableFileText
{
    private readonly string _text;
    private readonly Group _value;

    private VariableFileText(string text, Group value, bool isExported) => (_text, _value, IsExported) = (text, value, isExported);

    /// <summary>Written as <c>export NAME=</c>: a shell reads it.</summary>
    private bool IsExported { get; }

    /// <summary>Null where the variable cannot be told.</summary>
    /// <param name="why">A sentence for a person: what is in the way.</param>
    public static VariableFileText? Find(ReadOnlySpan<byte> file, string variable, out string? why)
    {
        var text = Encoding.Latin1.GetString(file);
        var found = Lines().Matches(text).Select(line => (Line: line, Assignment: Assignments().Match(line.Value)))
            .Where(one => one.Assignment.Success && one.Assignment.Groups["name"].Value == variable).ToArray();
        why = found switch
        {
            [] => "The file of variables has no such variable.",
            [var one] when one.Assignment.Groups["around"].Length > 0 => "There is a space before the equals sign of the variable, which not every reader allows.",
            [var one] when text[..one.Line.Index].Split('\n').Any(IsUnfinished) => "A line above the variable has an open quote or ends in a backslash, so that not every reader finds the variable.",
            [_] => null,
            _ => "The file of variables has that variable more than once.",
        };
        if (why is not null)
        {
            return null;
        }

        // Matched again where it stands: a group's place is then its place in the file.
        var assignment = Assignments().Match(text, found[0].Line.Index, found[0].Line.Length);
        return new VariableFileText(text, assignment.Groups["value"], assignment.Groups["export"].Success);
    }

    /// <summary>The variable's value; null where its readers would not agree on it.</summary>
    public string? Value => Decode(_value.Value);

    /// <summary>The file with another value in the variable's place; null where no way of writing it serves all its readers.</summary>
    public byte[]? With(string value)
    {
        if (Value is null || Encode(value) is not { } written)
        {
            return null;
        }

        var rest = Quoted().Match(_value.Value) is { Success: true } quoted ? quoted.Groups["rest"].Value : "";
        var changed = string.Concat(_text.AsSpan(0, _value.Index), written, rest, _text.AsSpan(_value.Index + _value.Length));
        return Encoding.Latin1.GetBytes(changed);
    }

    private static string? Decode(string raw) => Quoted().Match(raw) is { Success: true } quoted
        ? quoted.Groups["single"] is { Success: true } literal ? literal.Value : quoted.Groups["double"].Value
        : Bare().IsMatch(raw) ? raw : null;

    private string? Encode(string value)
    {
        if (Quoted().Match(_value.Value) is { Success: true } quoted)
        {
            string[] ways = quoted.Groups["single"].Success ? [$"'{value}'", $"\"{value}\""] : [$"\"{value}\"", $"'{value}'"];
            return ways.FirstOrDefault(way => Decode(way) == value && Quoted().Match(way).Groups["rest"].Length == 0);
        }

        // What stands there now tells whether a shell can be among the readers.
        return (IsExported || Plain().IsMatch(_value.Value) ? Plain() : Bare()).IsMatch(value) ? value : null;
    }

    private static bool IsUnfinished(string line)
    {
        var text = line.TrimEnd('\r');
        return text.EndsWith('\\') || (!Comments().IsMatch(text) && (text.Count(c => c == '\'') % 2 != 0 || text.Count(c => c == '"') % 2 != 0));
    }

    [GeneratedRegex("""[^\n]+""", RegexOptions.CultureInvariant)]
    private static partial Regex Lines();

    [GeneratedRegex("""^[ \t]*[#;]""", RegexOptions.CultureInvariant)]
    private static partial Regex Comments();

    [GeneratedRegex("""\G[ \t]*(?<export>export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<around>[ \t]*)=(?<value>[^\n]*?)\r?\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignments();

    /// <summary>All four take what is between these quotes as it stands. After them only blanks and a comment.</summary>
    [GeneratedRegex("""\A('(?<single>((?!\$\{)[\x20-\x26\x28-\x5b\x5d-\x7e])*)'|"(?<double>[\x20\x21\x23\x25-\x5b\x5d-\x5f\x61-\x7e]*)")(?<rest>[ \t]*|[ \t]+\#[^\r\n]*)\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    /// <summary>Without quotes, all four take these as they stand.</summary>
    [GeneratedRegex("""\A[A-Za-z0-9_./:@%+,=?-]*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary>Without quotes, all but a shell take these as they stand: no blanks, quotes, backslash, dollar, backtick or number sign.</summary>
    [GeneratedRegex("""\A[\x21\x25\x26\x28-\x5b\x5d-\x5f\x61-\x7e]*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
