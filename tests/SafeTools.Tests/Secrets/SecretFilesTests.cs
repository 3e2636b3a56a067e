using System.Runtime.Versioning;
using SafeTools.Providers;
using SafeTools.Server.Secrets;

namespace SafeTools.Tests.Secrets;

/// <summary>Where files may lie, whose they may be, and what a write leaves behind.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretFilesTests : IDisposable
{
    private const int Nobody = 65534;
    private const string Variables = "# ours\nA='1'\nDB=old\r\n\nexport B=\"2\"";

    private readonly SecretsGround _ground = new();

    public void Dispose() => _ground.Dispose();

    private SecretReference Whole => SecretsGround.Reference($"secret://file{_ground.Folder}/one");

    private SecretReference Variable => SecretsGround.Reference($"secret://envfile{_ground.Folder}/app.env#DB");

    private string Unfinished => Path.Combine(_ground.Folder, AtomicFile.Unfinished);

    [Fact]
    public void Write_NewFile_IsTheOwnersAlone()
    {
        _ground.Secrets.Write(Whole, new Secret("value")).Should().BeNull();

        File.ReadAllText(Whole.Name).Should().Be("value");
        File.GetUnixFileMode(Whole.Name).Should().Be(SecretsGround.OwnerOnly);
        File.Exists(Unfinished).Should().BeFalse();
    }

    [Fact]
    public void Write_Variable_ChangesThatAloneAndKeepsModeAndGroup()
    {
        var path = _ground.Make("app.env", Variables);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Os.Own(path, 0, Nobody);

        _ground.Secrets.Write(Variable, new Secret("new")).Should().BeNull();

        File.ReadAllText(path).Should().Be(Variables.Replace("DB=old", "DB=new", StringComparison.Ordinal));
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead);
        FileStatus.At(path)!.Value.Group.Should().Be(Nobody);
        FileStatus.At(path)!.Value.User.Should().Be(0);
    }

    [Fact]
    public void Write_AfterACrash_ReplacesWhatWasLeft()
    {
        File.CreateSymbolicLink(Unfinished, _ground.Make("elsewhere", "untouched"));

        _ground.Secrets.Write(Whole, new Secret("value")).Should().BeNull();

        File.ReadAllText(Path.Combine(_ground.Folder, "elsewhere")).Should().Be("untouched");
        Path.Exists(Unfinished).Should().BeFalse();
    }

    [Theory]
    [InlineData("link")]
    [InlineData("foreign")]
    [InlineData("readable")]
    [InlineData("writable")]
    [InlineData("folder")]
    [InlineData("pipe")]
    public void Target_ThatIsNotTheOwnersPlainFile_RefusesBothAndStays(string kind)
    {
        foreach (var (reference, path) in new[] { (Whole, Whole.Name), (Variable, Variable.Name) })
        {
            Spoil(path, kind);

            SecretsGround.Why(_ground.Secrets.Read(reference))!.Code.Should().Be(RefusalCatalog.SecretMissing);
            var refused = _ground.Secrets.Write(reference, new Secret("new"))!;
            refused.Code.Should().Be(RefusalCatalog.SecretNotWritable);
            refused.Message.Should().NotContain(_ground.Folder);
            Path.Exists(Unfinished).Should().BeFalse();
            if (kind is "link" or "foreign" or "readable" or "writable")
            {
                File.ReadAllText(path).Should().Be("DB=old");
            }
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Folder_ThatOthersMayWrite_RefusesToWrite(UnixFileMode more)
    {
        _ground.Make("app.env", Variables);
        File.SetUnixFileMode(_ground.Folder, File.GetUnixFileMode(_ground.Folder) | more);

        foreach (var reference in new[] { Whole, Variable })
        {
            _ground.Secrets.Write(reference, new Secret("new"))!.Message.Should().Contain("other users");
        }
    }

    [Fact]
    public void FolderAbove_ThatOthersMayWrite_RefusesToWrite()
    {
        var inner = Path.Combine(_ground.Folder, "open", "inner");
        Directory.CreateDirectory(inner);
        File.SetUnixFileMode(Path.GetDirectoryName(inner)!, (UnixFileMode)0b111_111_111);

        _ground.Secrets.Write(SecretsGround.Reference($"secret://file{inner}/one"), new Secret("new"))!.Message.Should().Contain("other users");
    }

    [Fact]
    public void Folder_ThatIsSticky_IsAllowed()
    {
        File.SetUnixFileMode(_ground.Folder, (UnixFileMode)0b1_111_111_111);

        _ground.Secrets.Write(Whole, new Secret("new")).Should().BeNull();
        _ground.Secrets.Write(Whole, new Secret("newer")).Should().BeNull();
    }

    [Fact]
    public void Folder_OfAnotherUser_RefusesToWrite()
    {
        var path = _ground.Make("app.env", Variables);
        Os.Own(_ground.Folder, Nobody);

        _ground.Secrets.Write(Variable, new Secret("new"))!.Message.Should().Contain("other users");
        File.ReadAllText(path).Should().Be(Variables);
    }

    [Fact]
    public void Folder_ThatIsMissing_Refuses()
    {
        _ground.Secrets.Write(SecretsGround.Reference($"secret://file{_ground.Folder}/none/one"), new Secret("x"))!.Message.Should().Contain("no folder");
    }

    [Theory]
    [InlineData("A=1\n", "no such variable")]
    [InlineData("DB=1\nDB=2\n", "more than once")]
    public void Variable_ThatCannotBeTold_Refuses(string file, string words)
    {
        var path = _ground.Make("app.env", file);

        SecretsGround.Why(_ground.Secrets.Read(Variable))!.Message.Should().Contain(words);
        _ground.Secrets.Write(Variable, new Secret("new"))!.Message.Should().Contain(words);
        File.ReadAllText(path).Should().Be(file);
    }

    [Fact]
    public void Variables_FileThatIsMissing_IsNotMade()
    {
        _ground.Secrets.Write(Variable, new Secret("new"))!.Message.Should().Contain("missing");
        File.Exists(Variable.Name).Should().BeFalse();
    }

    [Fact]
    public void Writers_OfVariablesOfOneFile_LoseNothing()
    {
        const int writers = 8;
        _ground.Make("app.env", string.Concat(Enumerable.Range(0, writers).Select(number => $"V{number}=old\n")));

        Parallel.For(0, writers, new ParallelOptions { MaxDegreeOfParallelism = writers }, number =>
            _ground.Another().Write(SecretsGround.Reference($"secret://envfile{_ground.Folder}/app.env#V{number}"), new Secret($"new{number}")).Should().BeNull());

        File.ReadAllText(Variable.Name).Should().Be(string.Concat(Enumerable.Range(0, writers).Select(number => $"V{number}=new{number}\n")));
    }

    private void Spoil(string path, string kind)
    {
        if (kind == "folder")
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (kind == "pipe")
        {
            using var made = System.Diagnostics.Process.Start("mkfifo", ["-m", "600", path]);
            made.WaitForExit();
            return;
        }

        _ground.Make(Path.GetFileName(path), "DB=old");
        switch (kind)
        {
            case "link":
                File.Move(path, path + ".target");
                File.CreateSymbolicLink(path, path + ".target");
                break;
            case "foreign":
                Os.Own(path, Nobody);
                break;
            case "readable":
                File.SetUnixFileMode(path, SecretsGround.OwnerOnly | UnixFileMode.GroupRead);
                break;
            case "writable":
                File.SetUnixFileMode(path, SecretsGround.OwnerOnly | UnixFileMode.OtherWrite);
                break;
        }
    }
}
