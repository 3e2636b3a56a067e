using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SafeTools.Providers;
using SQLitePCL;

namespace SafeTools.Server.State;

/// <summary>One connection to the store's file: statements with parameters, transactions, rows. Not for two threads at once.</summary>
internal sealed partial class Database : IDisposable
{
    private const int HasMovedOpcode = 20;

    private readonly SqliteConnection _connection;
    private readonly string _file;
    private (FileIdentity? Log, FileIdentity? Index)? _companions;

    static Database() => Batteries_V2.Init();

    /// <param name="file">Exists already, so that SQLite gives its companions the same mode.</param>
    /// <param name="busy">How long to wait for another process's transaction.</param>
    public Database(string file, TimeSpan busy)
    {
        _file = file;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Cache = SqliteCacheMode.Private,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busy.TotalSeconds)),
        }.ToString());
        _connection.Open();
        try
        {
            _ = raw.sqlite3_busy_timeout(_connection.Handle, (int)busy.TotalMilliseconds);

            // WAL and FULL: a commit is in the file system's care before it returns (https://sqlite.org/pragma.html#pragma_synchronous).
            Execute("pragma journal_mode = wal");
            Execute("pragma synchronous = full");
            Execute("pragma foreign_keys = on");
            Execute("pragma trusted_schema = off");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public string File => _file;

    /// <summary>Rows that this connection has changed since it was opened.</summary>
    public long Changes => raw.sqlite3_total_changes(_connection.Handle);

    /// <summary>Whether the path no longer leads to the file that is open: it was deleted, or another was put in its place.</summary>
    public bool HasMoved
    {
        get
        {
            var code = FileControl(_connection.Handle!.DangerousGetHandle(), "main", HasMovedOpcode, out var moved);
            return code != raw.SQLITE_OK || moved != 0;
        }
    }

    /// <summary>
    /// Whether the log or its index, which SQLite holds open beside the file, are no longer those it opened: a process that starts would make
    /// new ones, and two processes would each believe in a store of their own. Asked inside a transaction only, where both are open.
    /// </summary>
    public bool HasLostItsLog
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return !System.IO.File.Exists(_file + "-wal") || !System.IO.File.Exists(_file + "-shm");
            }

            var now = (FileStatus.At(_file + "-wal")?.Identity, FileStatus.At(_file + "-shm")?.Identity);
            _companions ??= now;
            return now != _companions || now.Item1 is null || now.Item2 is null;
        }
    }

    /// <summary>Runs <paramref name="work"/> in one transaction, all of it or nothing.</summary>
    /// <param name="write">Takes the write lock at once, so that what is read inside still holds when it is written.</param>
    public T Transaction<T>(bool write, Func<T> work)
    {
        Execute(write ? "begin immediate" : "begin");
        try
        {
            var result = work();
            Execute("commit");
            return result;
        }
        catch
        {
            // A full disk or an I/O error has rolled back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute("rollback");
            }

            throw;
        }
    }

    /// <returns>Rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <exception cref="StoreException">A row does not hold what this build writes.</exception>
    public IReadOnlyList<T> Rows<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(Map(reader, map));
        }

        return rows;
    }

    public long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Rows(sql, row => row.GetInt64(0), parameters)[0];

    public void Dispose() => _connection.Dispose();

    private static T Map<T>(SqliteDataReader reader, Func<SqliteDataReader, T> map)
    {
        try
        {
            return map(reader);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidCastException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw StoreFault.Edited("A row of the state store cannot be read.", exception);
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant; values go in as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>SQLITE_FCNTL_HAS_MOVED, https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html.</summary>
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(IntPtr database, string name, int operation, out int answer);
}
