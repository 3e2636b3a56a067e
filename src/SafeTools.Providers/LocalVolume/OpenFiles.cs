namespace SafeTools.Providers.LocalVolume;

/// <summary>Which processes hold files of a volume open, as far as this process may see; proc_pid_fd(5).</summary>
internal static class OpenFiles
{
    public const string FactName = "open files";

    private const int MostLooked = 50_000;

    public static Fact Of(OpenFolder volume, Deadline deadline, CancellationToken cancellationToken)
    {
        if (Target($"/proc/self/fd/{volume.DangerousGetHandle()}") is not { } path)
            return Said("unknown: this system does not show it");
        var (open, hidden, looked) = (0L, 0, 0);
        var self = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0]) || Path.GetFileName(process) == self)
                continue;
            try
            {
                foreach (var descriptor in Directory.EnumerateFiles($"{process}/fd"))
                {
                    if (++looked > MostLooked || deadline.Passed)
                        return Said($"at least {open}; not all processes were looked at");
                    if (Target(descriptor) is { } target && (target == path || target.StartsWith(path + "/", StringComparison.Ordinal)))
                        open++;
                }
            }
            catch (DirectoryNotFoundException)
            {
                // It ended meanwhile.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                hidden++;
            }
        }
        return hidden == 0 ? new Fact(FactName, new FactValue.Count(open), FactSource.Provider) : Said($"at least {open}; {hidden} processes may not be looked at");
    }

    private static Fact Said(string text) => new(FactName, new FactValue.Text(text), FactSource.Provider);

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
