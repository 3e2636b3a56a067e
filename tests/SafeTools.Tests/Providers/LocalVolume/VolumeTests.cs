using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class VolumeTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Describe_SymbolicLink_IsNotAVolume()
    {
        Directory.CreateSymbolicLink(_sandbox.At("orders"), _sandbox.Outside);
        (await _sandbox.SeeRefusal(_sandbox.Request("describe", ("volume", "orders")))).Code.Should().Be(RefusalCatalog.NotAVolume);
    }

    [Fact]
    public async Task Describe_File_IsNotAVolume()
    {
        File.WriteAllText(_sandbox.At("orders"), "");
        (await _sandbox.SeeRefusal(_sandbox.Request("describe", ("volume", "orders")))).Code.Should().Be(RefusalCatalog.NotAVolume);
    }

    [Fact]
    public async Task Describe_MountPoint_IsNotAVolume()
    {
        // Present on every Linux; a mount of our own would need privileges.
        (_sandbox.Root, _sandbox.Backups) = ("/dev", _sandbox.Backups);
        _sandbox.Reconfigure();
        (await _sandbox.SeeRefusal(_sandbox.Request("describe", ("volume", "shm")))).Code.Should().Be(RefusalCatalog.NotAVolume);
    }

    [Fact]
    public void IsPlain_AnotherMountOfTheSameDevice_IsFalse()
    {
        using var root = OpenFolder.At(_sandbox.Root)!;
        _sandbox.MakeVolume("orders");
        var status = root.Status("orders")!.Value;
        Volume.IsPlain(status, root.Status()).Should().BeTrue();
        Volume.IsPlain(status with { Mount = status.Mount + 1 }, root.Status()).Should().BeFalse();
        Volume.IsPlain(status with { IsMountPoint = true }, root.Status()).Should().BeFalse();
        Volume.IsPlain(status with { Identity = status.Identity with { Device = "0.0" } }, root.Status()).Should().BeFalse();
    }

    [Fact]
    public async Task Describe_ReplacedUnderTheSameName_HasAnotherIdentity()
    {
        _sandbox.MakeVolume("orders");
        var first = await _sandbox.See(_sandbox.Request("describe", ("volume", "orders")));
        Directory.Delete(_sandbox.At("orders"), recursive: true);
        _sandbox.MakeVolume("orders");
        var second = await _sandbox.See(_sandbox.Request("describe", ("volume", "orders")));
        second.Item.Id.Should().NotBe(first.Item.Id, "an inode number may be used again, its birth time not");
    }

    [Fact]
    public async Task Preview_Sizes_AreThoseOfTheTreeWithoutWhatLinksPointTo()
    {
        _sandbox.MakeVolume("orders");
        File.WriteAllBytes(Path.Combine(_sandbox.Outside, "large"), new byte[1_000_000]);
        var facts = (await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")))).Facts;
        facts.Should().Contain(new Fact("files", new FactValue.Count(6), FactSource.Provider));
        facts.Should().Contain(new Fact("size", new FactValue.Bytes(6 + 10 + 70_000), FactSource.Provider));
    }

    [Fact]
    public async Task Preview_GrownVolume_KeepsItsFingerprint()
    {
        _sandbox.MakeVolume("orders");
        var before = await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")));
        File.WriteAllText(_sandbox.At("orders", "another"), "more");
        (await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")))).Fingerprint.Should().BeEquivalentTo(before.Fingerprint);
    }

    [Fact]
    public async Task Preview_OpenFileOfAnotherProcess_IsCounted()
    {
        var file = Path.Combine(_sandbox.MakeVolume("orders"), "data.db");
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "exec 3<\"$0\"; echo open; read line", file]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadLineAsync();
        var fact = (await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")))).Facts.Single(fact => fact.Name == "open files");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        fact.Value.ToString().Should().Contain("1");
        fact.Source.Should().Be(FactSource.Provider);
    }

    [Fact]
    public async Task Preview_MoreEntriesThanTheBound_SaysSo()
    {
        _sandbox.Options = _sandbox.Options with { MostEntries = 3 };
        _sandbox.MakeVolume("orders");
        (await _sandbox.See(_sandbox.Request("delete", ("volume", "orders")))).Facts.Should().Contain(fact => fact.Name == "not all was looked at");
    }

    [Fact]
    public async Task Preview_TimeIsUp_SaysSo()
    {
        _sandbox.MakeVolume("orders");
        var request = _sandbox.Request("delete", ("volume", "orders"));
        request = request with { Limits = request.Limits with { Time = TimeSpan.FromTicks(1) } };
        (await _sandbox.See(request)).Facts.Should().Contain(fact => fact.Name == "not all was looked at");
    }

    [Fact]
    public async Task List_MoreThanItsRows_IsTruncatedAndSaysSo()
    {
        for (var volume = 0; volume < 5; volume++)
            _sandbox.MakeVolume($"v{volume}");
        var request = _sandbox.Request("list");
        var data = (await _sandbox.Do(request with { Limits = request.Limits with { Rows = 2 } })).Data;
        data["volumes"]!.AsArray().Should().HaveCount(2);
        data["truncated"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task List_LargerThanItsBytes_IsTruncatedAndFits()
    {
        for (var volume = 0; volume < 9; volume++)
            _sandbox.MakeVolume($"v{volume}");
        var request = _sandbox.Request("list");
        var data = (await _sandbox.Do(request with { Limits = request.Limits with { Bytes = 400 } })).Data;
        data.ToJsonString().Length.Should().BeLessThanOrEqualTo(400);
        data["truncated"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task List_LinksFilesHiddenAndOddNames_AreLeftOut()
    {
        _sandbox.MakeVolume("orders");
        Directory.CreateSymbolicLink(_sandbox.At("link"), _sandbox.Outside);
        File.WriteAllText(_sandbox.At("file"), "");
        Directory.CreateDirectory(_sandbox.At(".hidden"));
        Directory.CreateDirectory(_sandbox.At("odd\u202Ename\n"));
        (await _sandbox.Do("list")).Data["volumes"]!.AsArray().Select(row => row!["volume"]!.GetValue<string>()).Should().Equal("orders");
    }

    [Fact]
    public async Task Preview_RootIsMissing_RefusesWithoutNamingIt()
    {
        _sandbox.MakeVolume("orders");
        var request = _sandbox.Request("describe", ("volume", "orders"));
        Directory.Move(_sandbox.Root, _sandbox.Root + "-moved");
        var refusal = await _sandbox.SeeRefusal(request);
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        refusal.Message.Should().NotContain(_sandbox.Root);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\0", false)]
    [InlineData("tab\t", false)]
    [InlineData("\u202Eatad", false)]
    [InlineData("ä", false)]
    [InlineData(null, false)]
    [InlineData("orders", true)]
    [InlineData("my-data_2.old", true)]
    public void IsSafe_Name_IsOnePlainSegment(string? name, bool safe)
    {
        VolumeName.IsSafe(name).Should().Be(safe);
        if (name is not null)
            System.Text.RegularExpressions.Regex.IsMatch(name, $@"\A(?:{VolumeName.Pattern})\z").Should().Be(safe, "the declared pattern says the same");
    }
}
