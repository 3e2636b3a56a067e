using System.Globalization;
using SafeTools.Corpus.Judging;

namespace SafeTools.Corpus.Reporting;

/// <summary>What is printed: each failure on a line of its own, a table for each credential of what stopped what, and one of all trials.</summary>
internal static class Report
{
    private const int LongestFault = 400;
    private const int NameWidth = 16;
    private const int TrialWidth = 44;

    private static readonly (Layer Layer, string Title)[] Columns =
    [
        (Layer.Caps, "caps"), (Layer.ParseGate, "not a read"), (Layer.Privileges, "privileges"), (Layer.Execution, "execution"),
        (Layer.Limits, "limits"), (Layer.Answered, "answered"), (Layer.Other, "other"),
    ];

    public static string Failure(Trial trial, Result result)
    {
        var faults = string.Join("; ", result.Faults.Select(fault => fault.Length <= LongestFault ? fault : fault[..LongestFault] + "…"));
        return $"FAILED {result.Entry.Id} ({trial.Name}) {Code(result)}: {faults.ReplaceLineEndings(" ")}";
    }

    public static IEnumerable<string> Table(Trial trial, IReadOnlyList<Result> results, TimeSpan took)
    {
        var passed = results.Count(result => result.Passed);
        yield return string.Create(CultureInfo.InvariantCulture, $"{trial.Name} ({trial.Credential.Role}): {passed} passed, {results.Count - passed} failed in {took.TotalSeconds:F0} s");
        yield return Row("", Columns.Select(column => column.Title), "failed");
        foreach (var category in results.GroupBy(result => result.Entry.Category).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return Row(category.Key, [.. category]);
        }

        yield return Row("all", results);
    }

    public static IEnumerable<string> Summary(IEnumerable<(Trial Trial, IReadOnlyList<Result> Results)> trials) =>
    [
        Row("", Columns.Select(column => column.Title), "failed", TrialWidth),
        .. trials.Select(trial => Row(trial.Trial.Name, trial.Results, TrialWidth)),
    ];

    private static string Row(string name, IReadOnlyList<Result> results, int width = NameWidth) =>
        Row(name, Columns.Select(column => Count(results.Count(result => Layers.Of(result.Answer) == column.Layer))), Count(results.Count(result => !result.Passed)), width);

    private static string Row(string name, IEnumerable<string> cells, string last, int width = NameWidth) => $"  {name.PadRight(width)}{string.Concat(cells.Append(last).Select(cell => $"{cell,12}"))}".TrimEnd();

    private static string Count(int count) => count == 0 ? "." : count.ToString(CultureInfo.InvariantCulture);

    private static string Code(Result result) => result.Answer.Code ?? result.Answer.Outcome;
}
