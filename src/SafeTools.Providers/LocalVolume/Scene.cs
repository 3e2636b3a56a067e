using System.Diagnostics.CodeAnalysis;

namespace SafeTools.Providers.LocalVolume;

/// <summary>One call's world: the resource's folders, opened once, and the call's bounds.</summary>
internal sealed class Scene : IDisposable
{
    private Scene(OperationRequest request, LocalVolumeOptions options, VerifiedTrees verified, OpenFolder root, References references, CancellationToken cancellationToken)
    {
        (Request, Options, Verified, Root, References, CancellationToken) = (request, options, verified, root, references, cancellationToken);
        Deadline = new Deadline(options.Clock, request.Limits.Time, cancellationToken);
    }

    public OperationRequest Request { get; }

    public LocalVolumeOptions Options { get; }

    public VerifiedTrees Verified { get; }

    public OpenFolder Root { get; }

    /// <summary>Null where the resource names none.</summary>
    public OpenFolder? Backups { get; private init; }

    public References References { get; }

    public Deadline Deadline { get; }

    public CancellationToken CancellationToken { get; }

    public string RootPath => Request.Resource.Settings.Text(LocalVolumeProvider.RootSetting);

    public string BackupsPath => Request.Resource.Settings.Text(LocalVolumeProvider.BackupsSetting);

    public static bool TryOpen(
        OperationRequest request, LocalVolumeOptions options, VerifiedTrees verified, CancellationToken cancellationToken,
        [NotNullWhen(true)] out Scene? scene, [NotNullWhen(false)] out Refusal? refused)
    {
        scene = null;
        var settings = request.Resource.Settings;
        if (!References.TryRead(settings, out var references, out refused))
            return false;
        OpenFolder? backups = null;
        if (settings.TextOrNull(LocalVolumeProvider.BackupsSetting) is { } backupsPath && (backups = OpenFolder.At(backupsPath)) is null)
            refused = RefusalCatalog.ResourceUnavailable.Because("The configured backups folder is not there.");
        else if (OpenFolder.At(settings.Text(LocalVolumeProvider.RootSetting)) is not { } root)
        {
            backups?.Dispose();
            refused = RefusalCatalog.ResourceUnavailable.Because("The configured folder of the volumes is not there.");
        }
        else
        {
            scene = new Scene(request, options, verified, root, references, cancellationToken) { Backups = backups };
            return true;
        }
        return false;
    }

    public TreeSurvey Survey(OpenFolder folder) => TreeSurvey.Of(folder, Options.MostEntries, Deadline, CancellationToken);

    /// <summary>Evidence for one volume by its name.</summary>
    public EnvironmentEvidence EvidenceFor(string volume, params IEnumerable<string> recorded) =>
        References.Evidence([.. References.EnvironmentsOf(volume), .. recorded]);

    /// <summary>What consent to touching a folder depends on.</summary>
    public Dictionary<string, string> Fingerprint(FileStatus? status, string volume) => new()
    {
        ["id"] = status?.Identity.ToString() ?? "absent",
        ["created"] = status?.Identity.Born is { } born ? FileStatus.Instant(born).ToString("O", System.Globalization.CultureInfo.InvariantCulture) : "unknown",
        ["dependants"] = string.Join(", ", References.Naming(volume)),
    };

    public void Reach(Moment moment) => Options.Reached?.Invoke(moment);

    public void Dispose()
    {
        Root.Dispose();
        Backups?.Dispose();
    }
}
