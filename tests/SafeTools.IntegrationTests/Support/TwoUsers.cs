using System.Globalization;

namespace SafeTools.IntegrationTests.Support;

/// <summary>Two throwaway users of this system, one to serve and one to be the agent, made once for a class of tests and removed after it.</summary>
public sealed class TwoUsers : IAsyncLifetime
{
    private readonly string _mark = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4));

    public string Server => $"stsrv{_mark}";

    public string Agent => $"stagt{_mark}";

    /// <summary>A copy of the program that both users can read and neither can write.</summary>
    public string Program { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!OperatingSystem.IsLinux() || (await Run("id", "-u")).Output.Trim() != "0")
        {
            throw new InvalidOperationException("This test makes two users of the system to hold them against each other, so it must run as root on Linux (a container will do).");
        }

        foreach (var user in new[] { Server, Agent })
        {
            (await Run("useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", user)).ExitCode.Should().Be(0);
        }

        Program = Directory.CreateTempSubdirectory("safetools-program-").FullName;
        var folder = Path.GetDirectoryName(SafeToolsProgram.Library)!;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".dll" or ".json" or ".so"))
        {
            var copy = Path.Combine(Program, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        (await Run("chmod", "-R", "u=rwX,go=rX", Program)).ExitCode.Should().Be(0);
    }

    public async Task DisposeAsync()
    {
        foreach (var user in new[] { Server, Agent })
        {
            await Run("userdel", user);
        }

        if (Program.Length > 0)
        {
            Directory.Delete(Program, recursive: true);
        }
    }

    /// <summary>The command as another user, without groups or capabilities of root.</summary>
    public static string[] As(string user, IEnumerable<string> command) =>
        ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--bounding-set=-all", "--no-new-privs", "--", .. command];

    public string[] SafeTools(string user, params string[] arguments) => As(user, [SafeToolsProgram.CommandLine([])[0], Path.Combine(Program, "safetools.dll"), .. arguments]);

    internal static Task<Ended> Run(params string[] command) => SafeToolsProgram.Run(SafeToolsProgram.Start(command, "/tmp", [new("TMPDIR", "/tmp")]));

    internal static Task<Ended> RunAs(string user, params string[] command) => Run(As(user, command));

    public static async Task Own(string user, string path) => (await Run("chown", "-R", "-h", $"{user}:{user}", path)).ExitCode.Should().Be(0);

    public static async Task<uint> Number(string user) => uint.Parse((await Run("id", "-u", user)).Output.Trim(), CultureInfo.InvariantCulture);
}
