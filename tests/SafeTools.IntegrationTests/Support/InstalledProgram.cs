using System.Diagnostics;

namespace SafeTools.IntegrationTests.Support;

/// <summary>
/// What <c>./install.sh</c> makes: the program in a prefix of its own, and the .NET tool packages. Built once for all tests that need it, because
/// that takes minutes; the checkout's own <c>artifacts</c> folder keeps what was built, which git ignores.
/// </summary>
public sealed class InstalledProgram : IAsyncLifetime
{
    /// <summary>Trimming and compiling the whole program on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public const string Collection = "what install.sh installs";

    /// <summary>How this machine reaches the registry of packages.</summary>
    private static readonly string[] OfTheNetwork =
        ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NUGET_CERT_REVOCATION_MODE"];

    private string Folder { get; } = Directory.CreateTempSubdirectory("safetools-installed-").FullName;

    /// <summary>An empty home folder, until the installation fills it.</summary>
    internal string Home => Path.Combine(Folder, "home");

    internal string Bin => Path.Combine(Home, ".local", "bin");

    internal string Program => Path.Combine(Bin, "safetools");

    /// <summary>What the first installation said.</summary>
    internal Ended Said { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Home);
        Said = await Install();
        Said.ExitCode.Should().Be(0, Said.All);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs the script as a user would, from a folder that is not the checkout's.</summary>
    internal Task<Ended> Install(params string[] arguments) => Run([Path.Combine(NodeClients.Root, "install.sh"), .. arguments]);

    internal async Task<Ended> Run(IEnumerable<string> command, IEnumerable<KeyValuePair<string, string>>? variables = null)
    {
        // Packages that other builds brought are found again; nothing else of the real home is.
        var packages = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var configuration = Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "NuGet");
        var start = SafeToolsProgram.Start(command, Home, [new("HOME", Home), new("NUGET_PACKAGES", packages), .. variables ?? []]);
        foreach (var name in OfTheNetwork)
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        if (Directory.Exists(configuration) && !Directory.Exists(Path.Combine(Home, ".nuget")))
        {
            Directory.CreateDirectory(Path.Combine(Home, ".nuget"));
            Directory.CreateSymbolicLink(Path.Combine(Home, ".nuget", "NuGet"), configuration);
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Ended(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

[CollectionDefinition(InstalledProgram.Collection)]
public sealed class InstalledProgramCollection : ICollectionFixture<InstalledProgram>;
