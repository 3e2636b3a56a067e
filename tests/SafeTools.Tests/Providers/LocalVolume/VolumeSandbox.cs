using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SafeTools.Providers.LocalVolume;

namespace SafeTools.Tests.Providers.LocalVolume;

/// <summary>Real folders: a root with volumes, a backups folder beside it, reference files, and a provider whose clock stands still.</summary>
internal sealed class VolumeSandbox : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 4, 24, 9, 0, 0, TimeSpan.Zero);

    private static readonly DateTime Old = new(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly Dictionary<string, IReadOnlyList<string>> _references = new();
    private int _actions;

    public VolumeSandbox()
    {
        Folder = Directory.CreateTempSubdirectory("volumes").FullName;
        Root = Directory.CreateDirectory(Path.Combine(Folder, "root")).FullName;
        Backups = Directory.CreateDirectory(Path.Combine(Folder, "backups")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(Folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(Outside, "precious.txt"), "never touched");
        Options = new LocalVolumeOptions(new StandingClock()) { ReserveBytes = 0, ReserveShare = 0 };
        Resource = MakeResource();
    }

    public string Folder { get; }

    public string Root { get; set; }

    public string Backups { get; set; }

    public string Outside { get; }

    public LocalVolumeOptions Options { get; set; }

    public Resource Resource { get; private set; }

    public LocalVolumeProvider Provider => field ??= new LocalVolumeProvider(Options);

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Quarantined(string actionId) => At(".safetools", "quarantine", actionId);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Reads the folders anew after one was changed.</summary>
    public void Reconfigure() => Resource = MakeResource();

    public void Reference(string environment, string content, string? file = null)
    {
        var path = Path.Combine(Folder, file ?? $"{environment}.compose.yaml");
        File.WriteAllText(path, content);
        _references[environment] = [.. _references.GetValueOrDefault(environment) ?? [], path];
        Reconfigure();
    }

    /// <summary>A volume with modes, old times, empty folders, and links inside, outside and to nothing.</summary>
    public string MakeVolume(string name, string content = "orders")
    {
        var volume = Directory.CreateDirectory(At(name)).FullName;
        Directory.CreateDirectory(Path.Combine(volume, "deep", "er"));
        new DirectoryInfo(Path.Combine(volume, "empty")).Create();
        SetMode(Path.Combine(volume, "empty"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(Path.Combine(volume, "data.db"), content, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(Path.Combine(volume, "deep", "run.sh"), "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Write(Path.Combine(volume, "deep", "er", "ünïcode \u202E.txt"), new string('x', 70_000), UnixFileMode.UserRead);
        File.CreateSymbolicLink(Path.Combine(volume, "inside"), "data.db");
        File.CreateSymbolicLink(Path.Combine(volume, "dangling"), "nowhere");
        Directory.CreateSymbolicLink(Path.Combine(volume, "escape"), Outside);
        Directory.SetLastWriteTimeUtc(Path.Combine(volume, "deep"), Old);
        Directory.SetLastWriteTimeUtc(volume, Old.AddDays(1));
        return volume;
    }

    public OperationRequest Request(string operation, params (string Name, string Value)[] arguments)
    {
        var declared = Provider.Operations.Single(candidate => candidate.Name == "localvolume." + operation);
        return new OperationRequest(
            declared, Resource, SettingValues.Empty,
            new Arguments(arguments.ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value))), declared.Limits);
    }

    public async Task<Preview> See(OperationRequest request) =>
        (await Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;

    public async Task<Refusal> SeeRefusal(OperationRequest request) =>
        (await Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;

    public async Task<Ticket> Ticket(OperationRequest request) => new($"act-{++_actions}", request, (await See(request)).Fingerprint);

    public Task<Execution> Execute(Ticket ticket, CancellationToken cancellationToken = default) =>
        Provider.Execute(ticket, new Progress<ProviderProgress>(), cancellationToken);

    public async Task<Execution.Done> Do(OperationRequest request) =>
        (await Execute(await Ticket(request))).Should().BeOfType<Execution.Done>().Subject;

    public Task<Execution.Done> Do(string operation, params (string Name, string Value)[] arguments) => Do(Request(operation, arguments));

    public Task<Execution.Done> Undo(UndoOffer offer) => Do(UndoRequest(offer));

    public OperationRequest UndoRequest(UndoOffer offer) =>
        Request(offer.Operation["localvolume.".Length..]) with { Arguments = offer.Arguments };

    public async Task<string> Snapshot(string volume) => (await Do("snapshot", ("volume", volume))).Data["recovery_point"]!.GetValue<string>();

    public string PointData(string volume, string id, params string[] parts) => Path.Combine([Backups, volume, id, "data", .. parts]);

    /// <summary>A hash over every name, kind, mode, time, link target and byte below a folder; the folder's own time only if asked.</summary>
    public static string Tree(string folder, Func<string, bool>? leaveOut = null, bool ownTime = true)
    {
        var text = new StringBuilder();
        Describe(new DirectoryInfo(folder), "", text, leaveOut ?? (_ => false), ownTime);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))) + "\n" + text;
    }

    private static void Describe(FileSystemInfo entry, string path, StringBuilder text, Func<string, bool> leaveOut, bool time)
    {
        text.Append(path).Append(' ');
        if (entry.LinkTarget is { } target)
        {
            text.AppendLine($"-> {target} {entry.LastWriteTimeUtc.Ticks}");
            return;
        }
        text.Append($"{entry.UnixFileMode} {(time ? entry.LastWriteTimeUtc.Ticks : 0)} ");
        if (entry is FileInfo file)
        {
            text.AppendLine(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName))));
            return;
        }
        text.AppendLine("folder");
        foreach (var child in ((DirectoryInfo)entry).EnumerateFileSystemInfos().Where(child => !leaveOut(child.Name)).OrderBy(child => child.Name, StringComparer.Ordinal))
            Describe(child, $"{path}/{child.Name}", text, leaveOut, time: true);
    }

    private static void Write(string path, string content, UnixFileMode mode)
    {
        File.WriteAllText(path, content);
        SetMode(path, mode);
        File.SetLastWriteTimeUtc(path, Old);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private Resource MakeResource() => new(
        "data", "localvolume", "production",
        new SettingValues(
            new Dictionary<string, string> { ["root"] = Root, ["backups"] = Backups },
            new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> { ["references"] = _references.ToDictionary() }));

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
