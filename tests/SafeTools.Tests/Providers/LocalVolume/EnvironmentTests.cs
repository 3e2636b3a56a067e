using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class EnvironmentTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    public EnvironmentTests() => _sandbox.MakeVolume("data");

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("volumes: [data]", true)]
    [InlineData("src=data:/var/lib", true)]
    [InlineData("/srv/volumes/data/x", true)]
    [InlineData("data", true)]
    [InlineData("data2", false)]
    [InlineData("my-data", false)]
    [InlineData("data_old", false)]
    [InlineData("data.bak", true)]
    [InlineData("stored in data.", true)]
    [InlineData("/srv/volumes/data.img", true)]
    [InlineData("old.data", true)]
    [InlineData("Data", false)]
    [InlineData("\u00E4data", false)]
    [InlineData("", false)]
    public async Task Environment_ReferenceFile_NamesOnlyTheWholeWord(string content, bool named)
    {
        _sandbox.Reference("staging", content);
        (await Evidence()).Names.Should().Equal(named ? ["staging"] : []);
    }

    [Theory]
    [InlineData("volumes: [a.b]", true)]
    [InlineData("x.a.b.img", true)]
    [InlineData("a.b2, then a.b", true)]
    [InlineData("aa.b", false)]
    [InlineData("a.b2", false)]
    [InlineData("a.b-2", false)]
    [InlineData("a, b", false)]
    [InlineData("a-b", false)]
    public async Task Environment_NameWithADot_MatchesWhole(string content, bool named)
    {
        _sandbox.MakeVolume("a.b");
        _sandbox.Reference("staging", content);
        (await _sandbox.See(_sandbox.Request("describe", ("volume", "a.b")))).Environment.Names.Should().Equal(named ? ["staging"] : []);
    }

    [Fact]
    public async Task Environment_NamedByTwo_IsBoth()
    {
        _sandbox.Reference("staging", "data");
        _sandbox.Reference("production", "data");
        (await Evidence()).Names.Should().BeEquivalentTo("staging", "production");
    }

    [Fact]
    public async Task Environment_NoReferences_IsNone() => (await Evidence()).Names.Should().BeEmpty();

    [Fact]
    public async Task Environment_OfAList_IsWhatItsVolumesAre()
    {
        _sandbox.MakeVolume("other");
        _sandbox.Reference("staging", "data");
        _sandbox.Reference("production", "other");
        (await _sandbox.See(_sandbox.Request("list"))).Environment.Names.Should().BeEquivalentTo("staging", "production");
    }

    [Fact]
    public Task Environment_ReferenceFileMissing_Refuses() => ShouldRefuse(File.Delete);

    [Fact]
    public Task Environment_ReferenceFileTooLarge_Refuses() => ShouldRefuse(path => File.WriteAllText(path, new string(' ', 1024 * 1024 + 1)));

    [Fact]
    public Task Environment_ReferenceFileIsNoText_Refuses() => ShouldRefuse(path => File.WriteAllBytes(path, System.Text.Encoding.Unicode.GetBytes("data")));

    [Fact]
    public Task Environment_ReferenceFileIsBrokenUtf8_Refuses() => ShouldRefuse(path => File.WriteAllBytes(path, [0xFF, (byte)'a']));

    [Fact]
    public Task Environment_ReferenceFileIsAFolder_Refuses() => ShouldRefuse(path =>
    {
        File.Delete(path);
        Directory.CreateDirectory(path);
    });

    [Fact]
    public async Task Dependants_TwoFilesOfTheSameName_AreToldApart()
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "b"));
        _sandbox.Reference("staging", "data", "compose.yaml");
        _sandbox.Reference("staging", "data", "b/compose.yaml");
        (await _sandbox.See(_sandbox.Request("describe", ("volume", "data")))).Fingerprint["dependants"]
            .Should().Be("staging: compose.yaml, staging: compose.yaml (2)");
    }

    [Theory]
    [InlineData("/srv/v", "/srv/v/backups", "backups lies inside root")]
    [InlineData("/srv/v", "/srv/v", "backups lies inside root")]
    [InlineData("/srv/v", "/srv/x/../v/b", "backups lies inside root")]
    [InlineData("/srv/b/v", "/srv/b", "root lies inside backups")]
    [InlineData("/", "/srv/b", "whole file system")]
    public void Check_FoldersInsideEachOther_AreFaults(string root, string backups, string fault) =>
        Check(root, backups).Should().Contain(found => found.Contains(fault));

    [Fact]
    public void Check_FoldersBesideEachOther_AreFine() => Check("/srv/v", "/srv/v-backups").Should().BeEmpty();

    [Fact]
    public void Check_ReferenceFileInsideRoot_IsAFault() => _sandbox.Provider.Check(new Resource(
        "data", "localvolume", "staging",
        new SettingValues(
            new Dictionary<string, string> { ["root"] = "/srv/v" },
            new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>
            {
                ["references"] = new Dictionary<string, IReadOnlyList<string>> { ["staging"] = ["/srv/v/data/compose.yaml"] },
            }))).Should().ContainSingle().Which.Should().Contain("staging");

    private IEnumerable<string> Check(string root, string backups) => _sandbox.Provider.Check(new Resource(
        "data", "localvolume", "staging", new SettingValues(new Dictionary<string, string> { ["root"] = root, ["backups"] = backups })));

    private async Task<EnvironmentEvidence> Evidence() => (await _sandbox.See(_sandbox.Request("describe", ("volume", "data")))).Environment;

    private async Task ShouldRefuse(Action<string> spoil)
    {
        _sandbox.Reference("production", "data");
        spoil(Path.Combine(_sandbox.Folder, "production.compose.yaml"));
        var refusal = await _sandbox.SeeRefusal(_sandbox.Request("describe", ("volume", "data")));
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        refusal.Message.Should().Contain("production: production.compose.yaml").And.NotContain(_sandbox.Folder);
    }
}
