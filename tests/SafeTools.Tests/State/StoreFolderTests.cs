using System.Runtime.Versioning;
using SafeTools.Server.State;

namespace SafeTools.Tests.State;

[UnsupportedOSPlatform("windows")]
public sealed class StoreFolderTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FolderMissing_MakesItAndItsParentsForTheOwnerAlone()
    {
        var parent = Path.Combine(_folder.Path, "one");
        var folder = Path.Combine(parent, "two");

        await using var store = await SqliteStore.Open(folder, _folder.Clock, CancellationToken.None);

        File.GetUnixFileMode(parent).Should().Be(Private);
        File.GetUnixFileMode(folder).Should().Be(Private);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupExecute)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public async Task Open_FolderThatOthersMayUse_Refuses(UnixFileMode more)
    {
        File.SetUnixFileMode(_folder.Path, Private | more);

        await Refuses(_folder.Path, "*0700*", $"Run: chmod 700 {_folder.Path}");
        File.Exists(_folder.File).Should().BeFalse();
    }

    [Fact]
    public async Task Open_FileThatOthersMayRead_Refuses()
    {
        await (await _folder.Open()).DisposeAsync();
        File.SetUnixFileMode(_folder.File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        await Refuses(_folder.Path, "*0600*", $"Run: chmod 600 {_folder.File}");
    }

    [Fact]
    public async Task Open_FileOfANewerVersion_SaysWhichFileAndWhatToDo()
    {
        await (await _folder.Open()).DisposeAsync();
        using (var other = _folder.Connect())
        {
            SqliteFolder.Execute(other, "pragma user_version = 99");
        }

        await Refuses(_folder.Path, "*newer version*", "Run the newer safetools");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Open_SymbolicLink_Refuses(string ending)
    {
        var real = Path.Combine(_folder.Path, "real");
        Directory.CreateDirectory(real, Private);
        var link = Path.Combine(_folder.Path, "link");
        Directory.CreateSymbolicLink(link, real);

        await Refuses(link + ending, "*symbolic link*");
        Directory.GetFiles(real).Should().BeEmpty();
    }

    [Fact]
    public async Task Open_FileIsASymbolicLink_Refuses()
    {
        var other = Path.Combine(_folder.Path, "other.db");
        await File.WriteAllTextAsync(other, "");
        File.CreateSymbolicLink(_folder.File, other);

        await Refuses(_folder.Path, "*symbolic link*");
    }

    [Fact]
    public async Task Open_FolderIsAFile_Refuses()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");

        await Refuses(file, "*state folder*");
    }

    private async Task Refuses(string folder, string words, string? advice = null)
    {
        var open = () => SqliteStore.Open(folder, _folder.Clock, CancellationToken.None);
        var thrown = (await open.Should().ThrowAsync<StoreException>().WithMessage(words)).Which;
        var refusal = thrown.Refusal;
        thrown.Advice.Should().Contain(_folder.Path, "the person learns which path it is").And.Contain(advice ?? _folder.Path);
        refusal.Code.Should().Be(RefusalCatalog.StateUnavailable);
        refusal.Message.Should().NotContain(_folder.Path);
    }
}
