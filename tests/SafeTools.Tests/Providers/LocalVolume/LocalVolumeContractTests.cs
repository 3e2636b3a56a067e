using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.LocalVolume;

public sealed class LocalVolumeContractTests : ProviderContract, IDisposable
{
    private readonly VolumeSandbox _sandbox = new();
    private int _volumes;

    public LocalVolumeContractTests() => _sandbox.Reference("production", "volumes:\n  vol-1:\n");

    public void Dispose() => _sandbox.Dispose();

    protected override IProvider Provider => _sandbox.Provider;

    protected override Resource Resource => _sandbox.Resource;

    protected override IReadOnlyList<string> NeverShown => [_sandbox.Folder];

    protected override IReadOnlyList<string> ItemParameters => ["volume", "recovery_point", "quarantined"];

    protected override OperationRequest Arrange(string operation)
    {
        var name = $"vol-{++_volumes}";
        _sandbox.MakeVolume(name);
        switch (operation)
        {
            case "localvolume.list":
                return Request(operation);
            case "localvolume.restore":
                var point = _sandbox.Snapshot(name).GetAwaiter().GetResult();
                File.AppendAllText(_sandbox.At(name, "data.db"), " and more");
                return Request(operation, ("volume", name), ("recovery_point", point));
            case "localvolume.purge":
                var deleted = _sandbox.Do("delete", ("volume", name)).GetAwaiter().GetResult();
                return Request(operation, ("quarantined", deleted.Data["quarantined"]!.GetValue<string>()));
            default:
                return Request(operation, ("volume", name));
        }
    }

    protected override OperationRequest MissingItem() => Request("localvolume.delete", ("volume", "nothing"));

    protected override string Everything() => VolumeSandbox.Tree(_sandbox.Folder);

    /// <summary>Volumes and recovery points, not the provider's markers and quarantine.</summary>
    protected override string UserState() => string.Join('\n',
    [
        VolumeSandbox.Tree(_sandbox.Root, name => name == ".safetools", ownTime: false),
        .. Directory.EnumerateDirectories(_sandbox.Backups).SelectMany(Directory.EnumerateDirectories).Where(point => !Path.GetFileName(point).StartsWith('.'))
            .Order(StringComparer.Ordinal).Select(point => point + VolumeSandbox.Tree(point)),
    ]);
}
