using System.Globalization;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Judging;

namespace SafeTools.Corpus.Reporting;

/// <summary>What is printed: each failure on a line of its own, and a table for each credential of what stopped what.</summary>
internal static class Report
{
    private const int LongestFault = 400;

    private static readonly (Layer Layer, string Title)[] Columns =
    [
        (Layer.Caps, "caps"), (Layer.ParseGate, "parse gate"), (Layer.Privileges, "privileges"), (Layer.Execution, "execution"),
        (Layer.Limits, "limits"), (Layer.Answered, "answered"), (Layer.Other, "other"),
    ];

    public static string Failure(Credential credential, Result result)
    {
        var faults = string.Join("; ", result.Faults.Select(fault => fault.Length <= LongestFault ? fault : fault[..LongestFault] + "…"));
        return $"FAILED {result.Entry.Id} ({credential.Name}) {Code(result)}: {faults.ReplaceLineEndings(" ")}";
    }

    public static IEnumerable<string> Table(Credential credential, IReadOnlyList<Result> results, TimeSpan took)
    {
        var passed = results.Count(result => result.Passed);
        yield return string.Create(CultureInfo.InvariantCulture, $"{credential.Name} ({credential.Role}): {passed} passed, {results.Count - passed} failed in {took.TotalSeconds:F0} s");
        yield return Row("", Columns.Select(column => column.Title), "failed");
        foreach (var category in results.GroupBy(result => result.Entry.Category).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return Row(category.Key, [.. category]);
        }

        yield return Row("all", results);
    }

    private static string Row(string name, IReadOnlyList<Result> results) =>
        Row(name, Columns.Select(column => Count(results.Count(result => Layers.Of(result.Answer) == column.Layer))), Count(results.Count(result => !result.Passed)));

    private static string Row(string name, IEnumerable<string> cells, string last) => $"  {name,-16}{string.Concat(cells.Append(last).Select(cell => $"{cell,12}"))}".TrimEnd();

    private static string Count(int count) => count == 0 ? "." : count.ToString(CultureInfo.InvariantCulture);

    private static string Code(Result result) => result.Answer.Code ?? result.Answer.Outcome;
}
