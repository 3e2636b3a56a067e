using System.Text;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Keys;

namespace SafeTools.IntegrationTests.Cli;

/// <summary>Keys are made and used by a person at a terminal.</summary>
public sealed class EnrollTests : IDisposable
{
    private const string First = "A passphrase of at least 10 characters for the new key:";
    private const string Again = "The same again:";

    private readonly Workspace _workspace = Workspace.Create();

    private string KeyFile => Path.Combine(_workspace.Locations.Keys, "alice.json");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Enroll_WithAShortPassphrase_MakesNoKey()
    {
        var ended = await Typist.Run(_workspace, ["approvers", "enroll", "alice"], (First, "too short"));

        ended.ExitCode.Should().Be(3, ended.Output);
        ended.Output.Should().Contain("Too short. No key was made.");
        File.Exists(KeyFile).Should().BeFalse();
    }

    [Fact]
    public async Task Enroll_WithTwoPassphrases_MakesNoKey()
    {
        var ended = await Typist.Run(_workspace, ["approvers", "enroll", "alice"], (First, Human.Passphrase), (Again, Human.Passphrase + "!"));

        ended.ExitCode.Should().Be(3, ended.Output);
        ended.Output.Should().Contain("The two differ. No key was made.");
        File.Exists(KeyFile).Should().BeFalse();
        File.ReadAllText(_workspace.ConfigurationFile).Should().NotContain("alice");
    }

    [Fact]
    public async Task EnrollAndAccept_AtATerminal_MakeTheFirstPolicyAndLeakNothing()
    {
        var enrolled = await Typist.Run(_workspace, ["approvers", "enroll", "alice"], (First, Human.Passphrase), (Again, Human.Passphrase));
        enrolled.ExitCode.Should().Be(0, enrolled.Output);
        File.GetUnixFileMode(KeyFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(_workspace.ConfigurationFile).Should().Contain("name: alice");
        var twice = await Typist.Run(_workspace, ["approvers", "enroll", "alice"]);
        twice.ExitCode.Should().Be(1, "a key is never overwritten");
        twice.Output.Should().Contain("alice has a key here already").And.NotContain(First);

        var wrong = await Typist.Run(_workspace, ["accept"], ("Passphrase of alice:", "not this passphrase"));
        wrong.ExitCode.Should().Be(3, wrong.Output);
        wrong.Output.Should().Contain("Wrong passphrase. Nothing was signed.");
        (await _workspace.Signed()).Should().Be(0);

        var accepted = await Typist.Run(_workspace, ["accept"], ("Passphrase of alice:", Human.Passphrase));
        accepted.ExitCode.Should().Be(0, accepted.Output);
        accepted.Output.Should().Contain("This is the first policy of this store.").And.Contain("delete_volume").And.Contain("alice").And.Contain("Policy 1 is accepted.");
        (await _workspace.Run("audit", "verify")).Output.Should().Contain("an approver's signature vouches for it");

        Canaries().Should().AllSatisfy(canary =>
        {
            string.Concat(enrolled.Output, twice.Output, wrong.Output, accepted.Output).Should().NotContain(Encoding.Latin1.GetString(canary));
            foreach (var file in Directory.EnumerateFiles(_workspace.Folder, "*", SearchOption.AllDirectories))
            {
                File.ReadAllBytes(file).AsSpan().IndexOf(canary).Should().Be(-1, file);
            }
        });
    }

    [Fact]
    public async Task Enroll_WhereEndOfInputIsTyped_MakesNoKey()
    {
        foreach (var talk in new (string, string)[][] { [(First, "half\u0004")], [(First, Human.Passphrase), (Again, "\u0004")] })
        {
            var ended = await Typist.Run(_workspace, ["approvers", "enroll", "alice"], talk);
            ended.ExitCode.Should().Be(3, ended.Output);
            ended.Output.Should().Contain("No passphrase was typed. No key was made.");
            File.Exists(KeyFile).Should().BeFalse();
        }
    }

    [Fact]
    public async Task Enroll_WithAStrangeName_MakesNoKey()
    {
        var ended = await Typist.Run(_workspace, ["approvers", "enroll", "../alice"]);

        ended.ExitCode.Should().Be(2, ended.Output);
        Directory.Exists(_workspace.Locations.Keys).Should().BeFalse();
    }

    /// <summary>The passphrase, and the private key in every form in which it could lie somewhere.</summary>
    private List<byte[]> Canaries()
    {
        using var key = LockedKey.FromJson(File.ReadAllText(KeyFile))!.Unlock(Human.Passphrase)!;
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        var whole = key.ExportPkcs8PrivateKey();
        return
        [
            Encoding.UTF8.GetBytes(Human.Passphrase),
            Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Human.Passphrase))),
            secret,
            Encoding.UTF8.GetBytes(Convert.ToHexStringLower(secret)),
            Encoding.UTF8.GetBytes(Convert.ToBase64String(secret)),
            Encoding.UTF8.GetBytes(Convert.ToBase64String(whole)),
            whole[..64],
        ];
    }
}
