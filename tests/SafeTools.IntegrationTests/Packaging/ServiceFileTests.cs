using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Packaging;

/// <summary>The files that start a server under a user of its own, read by those who will read them.</summary>
public sealed class ServiceFileTests : IDisposable
{
    /// <summary>What <c>install.sh --prefix /usr/local</c> makes.</summary>
    private const string Installed = "/usr/local/bin/safetools";

    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SystemdUnit_Verified_IsWithoutFaultAndHardened()
    {
        // The program is not installed here; everything else is the file that is shipped.
        var unit = Path.Combine(_folder, "safetools.service");
        var text = await File.ReadAllTextAsync(Shipped("systemd/safetools.service"));
        text.Should().Contain($"\nExecStart={Installed} serve --socket ").And.Contain("\nLimitNOFILE=4096\n").And.NotContain("Documentation=");
        await File.WriteAllTextAsync(unit, text.Replace($"ExecStart={Installed} ", "ExecStart=/bin/true ", StringComparison.Ordinal));

        var verified = await TwoUsers.Run("systemd-analyze", "verify", "--man=no", unit);
        verified.ExitCode.Should().Be(0, verified.All);
        verified.All.Should().NotContain("Unknown");
        var security = await TwoUsers.Run("systemd-analyze", "security", "--offline=true", "--no-pager", unit);
        var exposure = Regex.Match(security.Output, "exposure level for safetools.service: ([0-9.]+)").Groups[1].Value;
        double.Parse(exposure, CultureInfo.InvariantCulture).Should().BeLessThan(2.0, "0 is closed and 10 is open");
        text.Should().Contain("DOTNET_EnableDiagnostics=0").And.Contain("LimitCORE=0").And.NotMatchRegex("(?m)^MemoryDenyWriteExecute").And.NotMatchRegex("(?m)^PrivateUsers");
    }

    [Fact]
    public void LaunchdFile_Read_StartsASocketServerOfItsOwnUserWithoutCores()
    {
        using var reader = XmlReader.Create(Shipped("launchd/dev.safetools.plist"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var entries = XDocument.Load(reader).Root!.Element("dict")!.Elements().ToArray();
        var values = entries.Chunk(2).ToDictionary(pair => pair[0].Value, pair => pair[1]);

        entries.Where((_, index) => index % 2 == 0).Should().OnlyContain(entry => entry.Name == "key");
        values["UserName"].Value.Should().Be("_safetools");
        values["ProgramArguments"].Elements("string").Select(word => word.Value).Should().ContainInOrder(Installed, "serve", "--socket", "--config", "--state");
        values["HardResourceLimits"].Elements().Select(part => part.Value).Should().Equal("Core", "0");
        values["EnvironmentVariables"].Elements().Select(part => part.Value).Should().Equal("DOTNET_EnableDiagnostics", "0");
    }

    private static string Shipped(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "packaging")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("packaging");
        }

        return Path.Combine(folder, "packaging", name);
    }
}
