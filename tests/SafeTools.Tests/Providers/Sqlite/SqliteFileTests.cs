using System.Diagnostics;
using SafeTools.Server.State;

namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>What stands in the place of the database, or beside it.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("-journal")]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public async Task Preview_Pipe_RefusesAtOnce(string ending)
    {
        File.Delete(_sandbox.File + ending);
        using (var process = Process.Start("mkfifo", [_sandbox.File + ending]))
            await process.WaitForExitAsync();
        (await Refused(_sandbox.File)).Message.Should().Contain("not a plain file");
    }

    [Fact]
    public async Task Preview_Folder_Refuses() => (await Refused(_sandbox.Folder)).Message.Should().Contain("not a plain file");

    [Fact]
    public async Task Preview_Device_Refuses() => (await Refused("/dev/zero")).Message.Should().Contain("not a plain file");

    [Fact]
    public async Task Preview_StateStoreOfSafeTools_Refuses()
    {
        var folder = Path.Combine(_sandbox.Folder, "state");
        var file = StoreFolder.Prepare(folder);
        using (var database = new Database(file, TimeSpan.FromSeconds(5)))
            database.Transaction(write: true, () => StoreSchema.Ensure(database)).Should().BeTrue();
        (await Refused(file)).Message.Should().Contain("not a database that tools may read");
    }

    private async Task<Refusal> Refused(string file)
    {
        var request = _sandbox.Query("select 1") with { Resource = SqliteSandbox.ResourceAt(file) };
        var refusal = (await _sandbox.Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        return refusal;
    }
}
