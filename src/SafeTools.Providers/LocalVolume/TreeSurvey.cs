using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Providers.LocalVolume;

/// <summary>What a look at every entry of a tree gave, without reading a byte of content.</summary>
internal sealed record TreeSurvey
{
    /// <summary>A folder nested deeper than this is not entered: each level holds an open handle.</summary>
    public const int Deepest = 200;

    public long Bytes { get; private set; }

    /// <summary>Everything that is not a folder.</summary>
    public long Files { get; private set; }

    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Changes whenever any entry's name, kind, mode, size, times or identity changes; the change time is the kernel's own.</summary>
    public string Signature { get; private set; } = "";

    /// <summary>Why the look ended early, or null where it saw everything.</summary>
    public string? Cut { get; private set; }

    /// <summary>Why the tree cannot be copied whole, or null.</summary>
    public string? Uncopyable { get; private set; }

    private int _entries;

    public static TreeSurvey Of(OpenFolder folder, int mostEntries, Deadline deadline, CancellationToken cancellationToken)
    {
        var survey = new TreeSurvey();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        survey.Visit(folder, folder.Status(), 0, hash, mostEntries, deadline, cancellationToken);
        survey.Signature = Convert.ToHexStringLower(hash.GetHashAndReset());
        return survey;
    }

    private void Visit(OpenFolder folder, FileStatus root, int depth, IncrementalHash hash, int most, Deadline deadline, CancellationToken cancellationToken)
    {
        var self = folder.Status();
        Add(hash, "", self, depth);
        Newest = Later(self.ModifiedAt);
        var names = folder.Names(most - _entries + 1);
        names.Sort();
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Cut is not null)
                return;
            if (++_entries > most)
                Cut = $"only the first {most} entries were looked at";
            else if (deadline.Passed)
                Cut = "the time limit was reached";
            else if (folder.Status(name) is { } status)
                Entry(folder, name, status, root, depth, hash, most, deadline, cancellationToken);
        }
    }

    private void Entry(
        OpenFolder folder, EntryName name, FileStatus status, FileStatus root, int depth, IncrementalHash hash, int most, Deadline deadline, CancellationToken cancellationToken)
    {
        Add(hash, name.ToString(), status, depth);
        if (status.Kind != FileKind.Folder)
        {
            Files++;
            Bytes += status.Kind == FileKind.File ? status.Size : 0;
            Newest = Later(status.ModifiedAt);
            if (status.Kind == FileKind.Special)
                Uncopyable = "it holds a device, pipe or socket";
            return;
        }
        if (!status.IsOnTheMountOf(root))
        {
            Uncopyable = "another file system is mounted inside it";
            return;
        }
        if (depth == Deepest)
        {
            Cut = Uncopyable = $"it is nested deeper than {Deepest} folders";
            return;
        }
        using var child = folder.Folder(name);
        if (child is null || !child.Status().IsOnTheMountOf(root))
            Cut = Uncopyable = "it changes while it is looked at";
        else
            Visit(child, root, depth + 1, hash, most, deadline, cancellationToken);
    }

    private DateTimeOffset Later(DateTimeOffset time) => Newest is { } newest && newest > time ? newest : time;

    private static void Add(IncrementalHash hash, string name, FileStatus status, int depth) =>
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{depth} {name.Length} {name} {status.Kind} {status.Mode} {status.User} {status.Group} {status.Size} {status.Modified} {status.Changed} {status.Identity}\n"));
}
