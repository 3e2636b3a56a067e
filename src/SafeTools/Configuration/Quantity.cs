using System.Globalization;

namespace SafeTools;

/// <summary>Durations and sizes as people write them in YAML: <c>24h</c>, <c>2s</c>, <c>256KiB</c>, <c>60/min</c>.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, TimeSpan Unit)[] Times =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))];

    private static readonly (string Suffix, long Unit)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("B", 1L)];

    public const string TimeForm = "a whole number with ms, s, m, h or d, such as 24h";

    public const string SizeForm = "a whole number with B, KiB, MiB, GiB or TiB, such as 256KiB";

    public const string RateForm = "a whole number of calls a minute, such as 60/min";

    public static TimeSpan? Time(string text)
    {
        foreach (var (suffix, unit) in Times)
        {
            if (Number(text, suffix, 100_000) is { } number)
            {
                return unit * number;
            }
        }

        return null;
    }

    /// <summary>The same form again, in the largest unit that says it exactly.</summary>
    public static string Text(TimeSpan time)
    {
        var (suffix, unit) = Times.Reverse().FirstOrDefault(known => time.Ticks % known.Unit.Ticks == 0, Times[0]);
        return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / unit.Ticks}{suffix}");
    }

    public static long? Size(string text)
    {
        foreach (var (suffix, unit) in Sizes)
        {
            if (Number(text, suffix, 1_000_000) is { } number)
            {
                return unit * number;
            }
        }

        return null;
    }

    public static int? CallsPerMinute(string text) => (int?)Number(text, "/min", 1_000_000);

    private static long? Number(string text, string suffix, long largest) =>
        text.EndsWith(suffix, StringComparison.Ordinal)
        && long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= largest
            ? number
            : null;
}
