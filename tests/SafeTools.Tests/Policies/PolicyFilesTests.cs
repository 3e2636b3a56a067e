using System.Diagnostics;
using SafeTools.Server.Policies;

namespace SafeTools.Tests.Policies;

/// <summary>Files that somebody else put where the policy is read from.</summary>
public sealed class PolicyFilesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-").FullName;

    public PolicyFilesTests()
    {
        Directory.CreateDirectory(At("base/tool-specs"));
        File.WriteAllText(At("base/safetools.yaml"), "principals: {}\n");
        File.WriteAllText(At("base/tool-specs/one.yaml"), "tool: one\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Read_PlainFiles_AreTheSource()
    {
        var (source, problems) = await Read();
        problems.Should().BeEmpty();
        source!.Configuration.Should().Be("principals: {}\n");
        source.Specs.Should().Equal(new Dictionary<string, string> { ["tool-specs/one.yaml"] = "tool: one\n" });
    }

    [Theory]
    [InlineData("safetools.yaml")]
    [InlineData("tool-specs/one.yaml")]
    public async Task Read_Pipe_IsRefusedAtOnce(string file)
    {
        File.Delete(At("base/" + file));
        using (var make = Process.Start("mkfifo", At("base/" + file)))
        {
            await make.WaitForExitAsync();
            make.ExitCode.Should().Be(0);
        }

        await Refused(file, "no plain file");
    }

    [Fact]
    public async Task Read_LinkToADevice_IsRefusedAtOnce()
    {
        File.Delete(At("base/safetools.yaml"));
        File.CreateSymbolicLink(At("base/safetools.yaml"), "/dev/zero");
        await Refused("safetools.yaml", "no plain file");
    }

    [Fact]
    public async Task Read_MissingConfiguration_IsRefused()
    {
        File.Delete(At("base/safetools.yaml"));
        await Refused("safetools.yaml", "no plain file");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../elsewhere")]
    [InlineData(".")]
    [InlineData("/")]
    [InlineData("tool-specs/../../elsewhere")]
    public async Task Read_ToolsOutsideTheFolder_AreRefused(string tools)
    {
        Directory.CreateDirectory(At("elsewhere"));
        File.WriteAllText(At("elsewhere/two.yaml"), "tool: two\n");
        File.WriteAllText(At("base/safetools.yaml"), $"tools: {tools}\n");
        await Refused("safetools.yaml", "must name a folder below");
    }

    [Fact]
    public async Task Read_LinkedSpecsAndFolders_AreNotFollowed()
    {
        Directory.CreateDirectory(At("elsewhere"));
        File.WriteAllText(At("elsewhere/two.yaml"), "tool: two\n");
        File.CreateSymbolicLink(At("base/tool-specs/two.yaml"), At("elsewhere/two.yaml"));
        Directory.CreateSymbolicLink(At("base/tool-specs/more"), At("elsewhere"));
        (await Read()).Source!.Specs.Keys.Should().Equal("tool-specs/one.yaml");
    }

    [Theory]
    [InlineData("safetools.yaml")]
    [InlineData("tool-specs/one.yaml")]
    public async Task Read_LargeFile_IsRefused(string file)
    {
        File.WriteAllText(At("base/" + file), new string('#', 256 * 1024 + 1));
        await Refused(file, "at most 256 KiB");
    }

    private async Task Refused(string file, string fault)
    {
        var (source, problems) = await Read();
        source.Should().BeNull();
        problems.Should().ContainSingle().Which.Should().Match<Problem>(problem => problem.File == file && problem.Message.Contains(fault) && !problem.Message.Contains(_folder));
    }

    private Task<(PolicySource? Source, IReadOnlyList<Problem> Problems)> Read() =>
        Task.Run(() => (PolicyFiles.Read(At("base/safetools.yaml"), out var problems), problems)).WaitAsync(Patience);

    private string At(string name) => Path.Combine(_folder, name);
}
