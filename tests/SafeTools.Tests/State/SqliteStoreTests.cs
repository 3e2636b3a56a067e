using SafeTools.Server.State;
using SafeTools.Tests.Contracts;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.State;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safetools-store-");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private protected override async Task<IStore> Open(FakeClock clock) => await SqliteStore.Open(_folder.FullName, clock, None);

    private protected override async Task<IStore> Reopen(FakeClock clock) => await SqliteStore.Open(_folder.FullName, clock, TimeSpan.FromSeconds(30), None);
}
