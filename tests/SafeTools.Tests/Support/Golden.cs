using System.Runtime.CompilerServices;

namespace SafeTools.Tests.Support;

/// <summary>Compares text with a committed file. With SAFETOOLS_WRITE_GOLDEN=1 the file is written instead, to be reviewed as a change.</summary>
internal static class Golden
{
    public static string Root { get; } = FindRoot();

    /// <param name="file">Relative to the root of the repository.</param>
    public static void Matches(string actual, string file)
    {
        var path = Path.Combine(Root, file);
        if (Environment.GetEnvironmentVariable("SAFETOOLS_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        File.Exists(path).Should().BeTrue("{0} is committed; SAFETOOLS_WRITE_GOLDEN=1 writes it", file);
        File.ReadAllText(path).Should().Be(actual, "{0} is generated; SAFETOOLS_WRITE_GOLDEN=1 writes it anew", file);
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, here })
        {
            for (var folder = Path.GetDirectoryName(start); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "SafeTools.sln")))
                {
                    return folder;
                }
            }
        }

        throw new InvalidOperationException("SafeTools.sln is in no folder above the tests.");
    }
}
