using System.Text.RegularExpressions;
using SafeTools.Clusters;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Examples;

/// <summary>examples/staging-postgres: the commands of its README, all of them and as they stand, at a terminal, on a real server and with the installed program.</summary>
[Collection(InstalledProgram.Collection)]
public sealed partial class StagingPostgresTests(InstalledProgram installed) : IAsyncLifetime
{
    private const string Password = "s1ow-hand_canary.7Q";

    private readonly string _home = Directory.CreateTempSubdirectory("safetools-example-").FullName;
    private PostgresCluster _cluster = null!;

    private static string Example => Path.Combine(NodeClients.Root, "examples", "staging-postgres");

    public async Task InitializeAsync() => _cluster = await PostgresCluster.Start();

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Readme_CommandByCommand_PrintsWhatItSays()
    {
        var blocks = Block().Matches(await File.ReadAllTextAsync(Path.Combine(Example, "README.md"))).Select(block => (Language: block.Groups["language"].Value, Text: block.Groups["text"].Value)).ToArray();
        var script = Path.Combine(_home, "readme.sh");
        await File.WriteAllTextAsync(script, string.Concat(blocks.Select((block, number) => block.Language == "sh" ? $"printf '\\n== {number}\\n'\n{block.Text}" : "")));

        var ended = await Typist.Run(
            ["bash", "-e", "-o", "pipefail", script], NodeClients.Root, Variables,
            ("Enter new password", Password), ("Enter it again", Password), ("Password of safetools_agent:", Password),
            ("A passphrase of at least 10 characters for the new key:", Human.Passphrase), ("The same again:", Human.Passphrase),
            ("Passphrase of alice:", Human.Passphrase), ("Passphrase of alice:", Human.Passphrase), ("Passphrase of alice:", Human.Passphrase));

        ended.ExitCode.Should().Be(0, ended.All);
        ended.Output.Should().NotContain(Password).And.NotContain(Human.Passphrase);
        var printed = Printed(ended.Output);
        var compared = 0;
        foreach (var (block, number) in blocks.Select((block, number) => (block, number)).Where(one => one.block.Language == "text"))
        {
            var command = Enumerable.Range(0, number).Last(before => blocks[before].Language == "sh");
            foreach (var line in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Normalised(printed[command]).Should().Contain(Normalised(line), "README says that it is printed");
                compared++;
            }
        }

        compared.Should().BeGreaterThan(15);
        (await _cluster.Run("select count(*) from shop.orders", "shop")).Trim().Should().Be("200");
        File.GetUnixFileMode(Path.Combine(_home, ".config", "safetools", "staging.url")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Check_WithoutTheVariable_SaysWhyOnceAndCountsNothingAsWrong()
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["check", "--config", Path.Combine(Example, "safetools.yaml")]), _home));

        ended.ExitCode.Should().Be(0, ended.All);
        Regex.Count(ended.Output, "STAGING_DATABASE_URL").Should().Be(1);
        ended.Output.Should().Contain("ST1507").And.EndWith(" 0 wrong, 18 not tried.\n");
    }

    [Fact]
    public async Task Doctor_OfASuperuser_EndsInHowToMakeARoleForTheTools()
    {
        var ended = await Doctor(_cluster.Url(PostgresCluster.Superuser, PostgresCluster.Password, "postgres"));

        ended.ExitCode.Should().Be(1);
        ended.Output.TrimEnd().Should().EndWith(
            """
              Leave postgres as it is, for it does more than read, and give the tools a role of their own, which this makes:
                safetools init postgres --database postgres --schema public --environment staging | psql -d postgres
            """);
    }

    [Fact]
    public async Task Doctor_WithAWrongPassword_SaysWhatWasTriedAndNotThePassword()
    {
        var ended = await Doctor(_cluster.Url("safetools_agent", Password, "shop"));

        ended.ExitCode.Should().Be(1);
        ended.Output.Should().StartWith("staging-db (postgres): unknown, so its tools refuse\n  ST1508 ").And.Contain($"tried host           127.0.0.1:{_cluster.Port}\n")
            .And.Contain("tried database       shop\n").And.Contain("tried user           safetools_agent\n").And.NotContain(Password);
    }

    private Task<Ended> Doctor(string url) => SafeToolsProgram.Run(SafeToolsProgram.Start(
        SafeToolsProgram.CommandLine(["doctor", "--config", Path.Combine(Example, "safetools.yaml")]), _home, [new("STAGING_DATABASE_URL", url)]));

    private IEnumerable<KeyValuePair<string, string>> Variables =>
    [
        new("HOME", _home), new("TMPDIR", _home), new("PATH", $"{installed.Bin}:/usr/lib/postgresql/15/bin:{System.Environment.GetEnvironmentVariable("PATH")}"),
        new("PGHOST", "127.0.0.1"), new("PGPORT", $"{_cluster.Port}"), new("PGUSER", PostgresCluster.Superuser), new("PGPASSWORD", PostgresCluster.Password),
    ];

    /// <summary>What each block of commands printed, by the block's number.</summary>
    private static Dictionary<int, string> Printed(string screen) =>
        Beginning().Split(screen).Skip(1).Chunk(2).ToDictionary(part => int.Parse(part[0], System.Globalization.CultureInfo.InvariantCulture), part => part[1]);

    /// <summary>What differs from server to server and from day to day stands as what it is.</summary>
    private static string Normalised(string text)
    {
        text = Instant().Replace(text, "INSTANT");
        text = Address().Replace(text, "127.0.0.1:PORT");
        text = Version().Replace(text, "15.");
        return Identifier().Replace(text, "IDENTIFIER").TrimEnd();
    }

    [GeneratedRegex(@"^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^== (\d+)\n", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\+00")]
    private static partial Regex Instant();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"15\.\d+( \([^)]*\))?")]
    private static partial Regex Version();

    [GeneratedRegex(@"\d{19}")]
    private static partial Regex Identifier();
}
