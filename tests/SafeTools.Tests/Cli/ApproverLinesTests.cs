using SafeTools.Server.Cli;
using Signer = SafeTools.Tests.Support.Signer;

namespace SafeTools.Tests.Cli;

/// <summary>People's files: only the lines of an approver change, whatever the layout; a form that lines cannot be added to is left alone.</summary>
public sealed class ApproverLinesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-").FullName;
    private readonly Signer _alice = new("alice");
    private readonly Signer _bob = new("bob");

    private string Alice => ApproverLines.Line(_alice.Approver) + "\n";

    private string Bob => ApproverLines.Line(_bob.Approver) + "\n";

    private string Block => $"  - name: alice # on call\n    key: \"{_alice.Key.Text}\"\n    approves:\n      - \"*@*\"\n";

    private string Multiline => $"  - {{ name: alice,\n      key: \"{_alice.Key.Text}\",\n      approves: [\"*@*\"]\n    }}\n";

    private string File => Path.Combine(_folder, "safetools.yaml");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public void Add_ToFlowItems_AddsOneLineAndKeepsComments() =>
        Add($"# ours\napprovers: # two\n{Alice}# the end\npolicy: {{}}\n").Should().Be($"# ours\napprovers: # two\n{Alice}{Bob}# the end\npolicy: {{}}\n");

    [Fact]
    public void Add_ToABlockList_AddsOneLineBehindIt() =>
        Add($"approvers:\n{Block}\npolicy: {{}}\n").Should().Be($"approvers:\n{Block}{Bob}\npolicy: {{}}\n");

    [Fact]
    public void Add_ToAListWithoutIndent_KeepsItsIndent() =>
        Add($"approvers:\n{Alice[2..]}").Should().Be($"approvers:\n{Alice[2..]}{Bob[2..]}");

    [Fact]
    public void Add_ToAnEmptyList_BeginsIt() => Add("approvers: []\npolicy: {}\n").Should().Be($"approvers:\n{Bob}policy: {{}}\n");

    [Theory]
    [InlineData("policy: {}\n")]
    [InlineData("policy: {}")]
    public void Add_WithoutTheKey_AppendsIt(string text) => Add(text).Should().Be($"policy: {{}}\n\napprovers:\n{Bob}");

    [Fact]
    public void Add_LastLineWithoutNewline_EndsIt() => Add($"approvers:\n{Alice}".TrimEnd('\n')).Should().Be($"approvers:\n{Alice}{Bob}");

    [Fact]
    public void Add_ToWindowsLines_IsReadAsBoth() =>
        Keys(Add($"approvers:\n{Alice}policy: {{}}\n".Replace("\n", "\r\n", StringComparison.Ordinal))).Should().Equal(_alice.Key.Text, _bob.Key.Text);

    [Theory]
    [InlineData("one line")]
    [InlineData("brace below")]
    [InlineData("not YAML")]
    public void Add_ToAFormWithoutLines_WritesNothing(string form)
    {
        var text = form switch
        {
            "one line" => $"approvers: [{Alice.Trim()[2..]}]\n",
            "brace below" => $"approvers:\n{Multiline}",
            _ => "approvers: [\n",
        };
        System.IO.File.WriteAllText(File, text);
        ApproverLines.Add(File, _bob.Approver).Should().BeFalse();
        System.IO.File.ReadAllText(File).Should().Be(text);
    }

    [Fact]
    public void AddAndRemove_WithoutAFile_MakeNone()
    {
        ApproverLines.Add(File, _bob.Approver).Should().BeFalse();
        ApproverLines.Remove(File, "bob").Should().BeFalse();
        System.IO.File.Exists(File).Should().BeFalse();
    }

    [Fact]
    public void Remove_OneOfSeveral_KeepsTheOthersAndComments() =>
        Remove($"# ours\napprovers: # two\n{Block}# bob is new\n{Bob}policy: {{}}\n").Should().Be($"# ours\napprovers: # two\n# bob is new\n{Bob}policy: {{}}\n");

    [Fact]
    public void Remove_AllKeysOfAPerson_RemovesEach()
    {
        using var again = new Signer("alice");
        Remove($"approvers:\n{Alice}{Bob}{ApproverLines.Line(again.Approver)}\n").Should().Be($"approvers:\n{Bob}");
    }

    [Fact]
    public void Remove_TheLast_LeavesAnEmptyList() => Remove($"approvers:\n{Alice}policy: {{}}\n").Should().Be("approvers: []\npolicy: {}\n");

    [Fact]
    public void Remove_LastLineWithoutNewline_Removes() => Remove($"approvers:\n{Bob}{Alice}".TrimEnd('\n')).Should().Be($"approvers:\n{Bob}");

    [Theory]
    [InlineData("one line")]
    [InlineData("brace below")]
    [InlineData("nobody")]
    public void Remove_FromAFormWithoutLines_WritesNothing(string form)
    {
        var text = form switch
        {
            "one line" => $"approvers: [{Alice.Trim()[2..]}]\n",
            "brace below" => $"approvers:\n{Multiline}{Bob}",
            _ => $"approvers:\n{Bob}",
        };
        System.IO.File.WriteAllText(File, text);
        ApproverLines.Remove(File, "alice").Should().BeFalse();
        System.IO.File.ReadAllText(File).Should().Be(text);
    }

    private static IEnumerable<string> Keys(string text) => ((ConfigNode.List)YamlReader.Read("safetools.yaml", text, [])!.Entries.Single(entry => entry.Key == "approvers").Value)
        .Items.Cast<ConfigNode.Map>().Select(item => ((ConfigNode.Scalar)item.Entries.Single(entry => entry.Key == "key").Value).Text);

    private string Add(string text)
    {
        System.IO.File.WriteAllText(File, text);
        ApproverLines.Add(File, _bob.Approver).Should().BeTrue();
        return System.IO.File.ReadAllText(File);
    }

    private string Remove(string text)
    {
        System.IO.File.WriteAllText(File, text);
        ApproverLines.Remove(File, "alice").Should().BeTrue();
        return System.IO.File.ReadAllText(File);
    }
}
