using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Functions whose result may be larger than all their arguments together. The server bounds a value only at 1 GB, so what makes it long must be a
/// constant that the tree shows, and all factors of one statement together are bounded. Constants are read as a little-endian server keeps them.
/// </summary>
internal sealed class SizeBudget
{
    /// <summary>The longest text that padding may make, in characters.</summary>
    public const int LongestPadding = 10_000;

    /// <summary>The most that all repetitions of a statement may multiply.</summary>
    public const long MostRepetitions = 100_000;

    /// <summary>Of a polygon that is drawn around a circle: some functions hold each against each.</summary>
    public const int MostCorners = 500;

    private long _repetitions = 1;

    public Refusal? Check(TreeValue.Node call, FunctionUse? use) => use switch
    {
        FunctionUse.Repeats => Repetition(Constant(call, 1)),
        FunctionUse.Pads => Arguments(call) < 2 || (Constant(call, 1) is { } length && length <= LongestPadding) ? null : TooLarge($"pads to a length that is no constant up to {LongestPadding}"),
        FunctionUse.Draws => Arguments(call) < 2 || Constant(call, 0) is <= MostCorners ? null : TooLarge($"draws a polygon of a number of corners that is no constant up to {MostCorners}"),
        FunctionUse.Formats => IsModest(ConstantText(call, 0)) ? null : TooLarge("formats by something else than a constant with small widths"),
        FunctionUse.Free or FunctionUse.Gathers or FunctionUse.InPolicies or null => null,
    };

    private Refusal? Repetition(long? times)
    {
        if (times is not { } factor || (_repetitions *= Math.Max(factor, 1)) > MostRepetitions)
            return TooLarge($"repeats by something else than constants whose product is at most {MostRepetitions}");
        return null;
    }

    /// <summary>No <c>*</c> and no number above three digits: widths come from there.</summary>
    private static bool IsModest(string? format)
    {
        var digits = 0;
        foreach (var c in format ?? "*")
        {
            digits = char.IsAsciiDigit(c) ? digits + 1 : 0;
            if (digits > 3 || c == '*')
                return false;
        }

        return true;
    }

    /// <summary>The value of an integer argument that is a constant; a null constant makes nothing.</summary>
    public static long? Constant(TreeValue.Node call, int index) => Argument(call, index)?.Field("constvalue") switch
    {
        TreeValue.None => 0,
        TreeValue.Bytes { Values: { Count: >= 4 } bytes } => BitConverter.ToInt32([.. bytes.Take(4)]),
        _ => null,
    };

    /// <summary>The text of an argument that is a constant.</summary>
    public static string? ConstantText(TreeValue.Node call, int index) => Argument(call, index)?.Field("constvalue") switch
    {
        TreeValue.None => "",
        // A text constant: four bytes of length, then the text.
        TreeValue.Bytes { Values: { Count: >= 4 } bytes } => Encoding.UTF8.GetString([.. bytes.Skip(4)]),
        _ => null,
    };

    private static int Arguments(TreeValue.Node call) => call.Field("args") is TreeValue.Items list ? list.Values.Count : 0;

    private static TreeValue.Node? Argument(TreeValue.Node call, int index) =>
        call.Field("args") is TreeValue.Items list && list.Values.ElementAtOrDefault(index) is TreeValue.Node { Name: "CONST" } constant ? constant : null;

    private static Refusal TooLarge(string what) => RefusalCatalog.StatementTooCostly.Because($"The statement {what}.");
}
