using System.Runtime.CompilerServices;

namespace SafeTools.IntegrationTests.Support;

/// <summary>Texts that are reviewed as files. SAFETOOLS_WRITE_GOLDEN=1 writes them anew.</summary>
internal static class Golden
{
    public static void Check(string name, string text, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, name);
        if (System.Environment.GetEnvironmentVariable("SAFETOOLS_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        text.Should().Be(File.ReadAllText(path), $"{name} holds what was reviewed; SAFETOOLS_WRITE_GOLDEN=1 writes it anew");
    }
}
