using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Secrets;

namespace SafeTools.IntegrationTests.Secrets;

/// <summary>Several processes, and a disk that is full: nothing is lost and nothing is half.</summary>
public sealed class SecretProcessesTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task EightProcesses_SettingAndChangingTheKey_LoseNothing()
    {
        const int processes = 8;
        var ended = await Task.WhenAll(Enumerable.Range(0, processes).Select(number =>
            number == processes / 2 ? _workspace.Run("secrets", "rotate-key") : _workspace.RunWith($"value {number}", "secrets", "set", $"name{number}")));

        ended.Should().OnlyContain(one => one.ExitCode == 0, string.Concat(ended.Select(one => one.All)));
        var content = new SecretStore(_workspace.State, TimeProvider.System).Open(out var why);
        why.Should().BeNull();
        content!.Secrets.ToDictionary(one => one.Key, one => one.Value.Value.Reveal()).Should().BeEquivalentTo(
            Enumerable.Range(0, processes).Where(number => number != processes / 2).ToDictionary(number => $"name{number}", number => $"value {number}"));
    }

    [Theory]
    [InlineData("secret://store/db", true)]
    [InlineData("secret://file{0}/one", true)]
    [InlineData("secret://envfile{0}/app.env#DB", false)]
    public async Task Write_OnAFullDisk_LeavesTheOldValueAndNothingElse(string where, bool growing)
    {
        using var disk = SmallDisk.Mount(_workspace.State, megabytes: 4);
        var secrets = new PlacedSecrets(_workspace.State);
        var reference = SecretReference.Parse(string.Format(null, where, _workspace.State))!;
        var variables = Path.Combine(_workspace.State, "app.env");
        await File.WriteAllTextAsync(variables, "A=1\nDB=old\n");
        File.SetUnixFileMode(variables, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        secrets.Write(reference, new Secret("old")).Should().BeNull();
        var files = Directory.GetFiles(_workspace.State);
        disk.Fill();

        var refused = secrets.Write(reference, new Secret(growing ? new string('n', 60_000) : "new"))!;

        refused.Message.Should().Contain("full");
        (secrets.Read(reference) as SecretRead.Found)?.Secret.Reveal().Should().Be("old");
        disk.Relieve();
        Directory.GetFiles(_workspace.State).Should().BeEquivalentTo(files);
        secrets.Write(reference, new Secret("new")).Should().BeNull();
        (secrets.Read(reference) as SecretRead.Found)?.Secret.Reveal().Should().Be("new");
    }
}
