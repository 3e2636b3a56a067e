using Microsoft.Data.Sqlite;
using SafeTools.Server.State;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.State;

/// <summary>A state folder of a test's own, and a way to reach behind the store's back as somebody with its file would.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safetools-state-");

    public FakeClock Clock { get; } = new();

    public string Path => _folder.FullName;

    public string File => System.IO.Path.Combine(Path, "state.db");

    public Task<SqliteStore> Open() => SqliteStore.Open(Path, Clock, CancellationToken.None);

    public Task<SqliteStore> Open(TimeSpan busy) => SqliteStore.Open(Path, Clock, busy, CancellationToken.None);

    public SqliteConnection Connect(string? file = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file ?? File, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public string Copy()
    {
        var copy = System.IO.Path.Combine(Path, "older.db");
        Execute($"vacuum into '{copy}'");
        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
