namespace SafeTools.Providers.LocalVolume;

/// <summary>Volumes that are plain folders under one root of this machine. See docs/providers/localvolume.md.</summary>
internal sealed class LocalVolumeProvider : IProvider
{
    public const string RootSetting = "root", BackupsSetting = "backups", ReferencesSetting = "references";

    private readonly LocalVolumeOptions _options;
    private readonly VerifiedTrees _verified = new();
    private readonly Dictionary<string, VolumeOperation> _operations;

    public LocalVolumeProvider(TimeProvider clock)
        : this(new LocalVolumeOptions(clock))
    {
    }

    internal LocalVolumeProvider(LocalVolumeOptions options)
    {
        _options = options;
        _operations = new VolumeOperation[]
        {
            new ListVolumes(), new DescribeVolume(), new SnapshotVolume(), new DiscardSnapshot(), new KeepSnapshot(), new RestoreVolume(), new Unrestore(),
            new DeleteVolume(), new Undelete(), new PurgeQuarantined(),
        }.ToDictionary(operation => operation.Declaration.Name, StringComparer.Ordinal);
        Operations = [.. _operations.Values.Select(operation => operation.Declaration)];
    }

    public string Name => "localvolume";

    public IReadOnlyList<Setting> ResourceSettings { get; } =
    [
        new(RootSetting, SettingKind.Path, "The folder whose direct subfolders are the volumes."),
        new(BackupsSetting, SettingKind.Path, "The folder for snapshots, outside root; without it there are none.") { Required = false, IsEvidence = true },
        new(ReferencesSetting, SettingKind.PathsByEnvironment, "For each environment, the files that name its volumes.") { Required = false, IsEvidence = true },
    ];

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Compares paths as they are written; links are resolved when something runs.</summary>
    public IEnumerable<string> Check(Resource resource)
    {
        var root = Normalised(resource.Settings.Text(RootSetting));
        if (root == "/")
            yield return "root is the whole file system; name the folder that holds the volumes";
        if (resource.Settings.TextOrNull(BackupsSetting) is { } written && Normalised(written) is var backups)
        {
            if (Holds(root, backups))
                yield return "backups lies inside root, so deleting a volume could take its recovery points along; choose a folder outside";
            else if (Holds(backups, root))
                yield return "root lies inside backups; choose two folders beside each other";
        }
        foreach (var (environment, paths) in resource.Settings.PathsByEnvironment(ReferencesSetting))
        {
            if (paths.Any(path => Holds(root, Normalised(path))))
                yield return $"a reference file of {environment} lies inside root, where whoever writes a volume could write it; keep it elsewhere";
        }
    }

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) => [];

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) => Task.Run<Previewed>(
        () =>
        {
            try
            {
                return Look(request, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return Fault(exception);
            }
        },
        cancellationToken);

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return Act(ticket, progress, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return AfterFault(ticket, Fault(exception));
            }
        },
        cancellationToken);

    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return Find(ticket, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new Execution.Unknown(Fault(exception));
            }
        },
        cancellationToken);

    private Previewed Look(OperationRequest request, CancellationToken cancellationToken)
    {
        if (!TryOpen(request, cancellationToken, out var scene, out var refused))
            return refused;
        using (scene)
        {
            var (target, no) = _operations[request.Operation.Name].Resolve(scene);
            if (target is null)
                return no!;
            using (target)
                return _operations[request.Operation.Name].Look(scene, target);
        }
    }

    private Execution Act(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        if (!VolumeName.IsSafe(ticket.ActionId))
            return new Execution.Failed(VolumeName.Refused("action's id"));
        if (!TryOpen(ticket.Request, cancellationToken, out var scene, out var refused))
            return new Execution.Failed(refused);
        using (scene)
        {
            var operation = _operations[ticket.Request.Operation.Name];
            cancellationToken.ThrowIfCancellationRequested();
            // A ticket is good for one act; whoever brings it again is told what came of it.
            if (operation.Find(scene, ticket) is not Execution.Failed and var earlier)
                return earlier;
            var (target, no) = operation.Resolve(scene);
            if (target is null)
                return new Execution.Failed(no!);
            using (target)
            {
                return target.Matches(ticket.Fingerprint)
                    ? operation.Act(scene, target, ticket, progress)
                    : new Execution.Failed(RefusalCatalog.Stale.Because("What is there now is not what was looked at, or other files name it now."));
            }
        }
    }

    private Execution Find(Ticket ticket, CancellationToken cancellationToken)
    {
        if (!VolumeName.IsSafe(ticket.ActionId))
            return new Execution.Failed(VolumeName.Refused("action's id"));
        if (!TryOpen(ticket.Request, cancellationToken, out var scene, out var refused))
            return new Execution.Unknown(refused);
        using (scene)
            return _operations[ticket.Request.Operation.Name].Find(scene, ticket);
    }

    /// <summary>A fault in the middle says nothing about what happened before it; the traces do.</summary>
    private Execution AfterFault(Ticket ticket, Refusal fault)
    {
        try
        {
            return Find(ticket, CancellationToken.None) switch
            {
                Execution.Failed => new Execution.Failed(fault),
                var found => found,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Execution.Unknown(fault);
        }
    }

    private bool TryOpen(
        OperationRequest request, CancellationToken cancellationToken,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Scene? scene, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refused)
    {
        if (LinuxCalls.Supported)
            return Scene.TryOpen(request, _options, _verified, cancellationToken, out scene, out refused);
        (scene, refused) = (null, RefusalCatalog.NotSupportedHere.Because("Volumes are handled on Linux only, on x64 and arm64."));
        return false;
    }

    private static Refusal Fault(Exception exception) =>
        exception is SystemCallException { Error: LinuxCalls.NoSpace or LinuxCalls.Quota } || exception.HResult == LinuxCalls.NoSpace
            ? RefusalCatalog.NotEnoughSpace.Because("The disk is full.")
            : RefusalCatalog.ResourceUnavailable.Because("The file system refused a step.");

    private static string Normalised(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static bool Holds(string outer, string inner) =>
        inner == outer || inner.StartsWith(Path.TrimEndingDirectorySeparator(outer) + "/", StringComparison.Ordinal);
}
