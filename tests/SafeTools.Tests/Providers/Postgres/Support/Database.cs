using System.Data;
using System.Globalization;
using Npgsql;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>A database of its own on the real server, and sessions as the provider sets them up.</summary>
internal sealed class Database : IAsyncDisposable
{
    private static int _made;

    private readonly string _server;
    private bool _dropped;

    static Database() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    private Database(string server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    public static IReadOnlyDictionary<uint, CatalogType> NoTypes { get; } = new Dictionary<uint, CatalogType>();

    public static async Task<Database> New(string setup = "", string options = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"results_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}");
        await using (var server = new NpgsqlConnection(PostgresServer.Superuser))
        {
            await server.OpenAsync();
            await Run(server, $"create database {name} {options}");
        }

        var database = new Database(PostgresServer.Superuser, name);
        if (setup.Length > 0)
            await database.Change(setup);
        return database;
    }

    public string At(string server) => new NpgsqlConnectionStringBuilder(server) { Database = Name }.ConnectionString;

    public async Task<NpgsqlConnection> Open(string? role = null, string? server = null, Action<NpgsqlConnectionStringBuilder>? options = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(At(server ?? _server));
        if (role is not null)
            settings.Username = role;
        options?.Invoke(settings);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await Run(connection, "set timezone = 'UTC'");
        await Run(connection, "set datestyle = 'ISO'");
        await Run(connection, "set intervalstyle = 'iso_8601'");
        await Run(connection, "set extra_float_digits = 1");
        await Run(connection, "set bytea_output = 'hex'");
        return connection;
    }

    /// <summary>What an owner does, statement by statement; they are separated by two semicolons.</summary>
    public Task Change(string statements) => Change(statements.Split(";;", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public async Task Change(params string[] statements)
    {
        await using var connection = await Open();
        foreach (var statement in statements)
            await Run(connection, statement);
    }

    /// <summary>Ends when the standby has replayed everything that was committed before.</summary>
    public static async Task StandbyCaughtUp()
    {
        await using var primary = new NpgsqlConnection(PostgresServer.Superuser);
        await primary.OpenAsync();
        await using var place = new NpgsqlCommand("select pg_current_wal_lsn()::text", primary);
        var written = (string)(await place.ExecuteScalarAsync())!;
        await using var standby = new NpgsqlConnection(PostgresServer.Standby);
        await standby.OpenAsync();
        await using var replayed = new NpgsqlCommand("select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", standby) { Parameters = { new NpgsqlParameter { Value = written } } };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await replayed.ExecuteScalarAsync(patience.Token) is not true)
            patience.Token.ThrowIfCancellationRequested();
    }

    public async Task<RowAnswer> Read(string sql, Limits? limits = null, IReadOnlyDictionary<uint, CatalogType>? types = null)
    {
        await using var connection = await Open();
        return await Read(connection, sql, limits, types);
    }

    public static async Task<RowAnswer> Read(NpgsqlConnection connection, string sql, Limits? limits = null, IReadOnlyDictionary<uint, CatalogType>? types = null)
    {
        var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        var answer = await RowStream.Read(reader, limits ?? Limits.Default, types ?? NoTypes, CancellationToken.None);
        if (answer.LeftUnread)
            command.Cancel();
        try
        {
            await reader.DisposeAsync();
        }
        catch (PostgresException fault) when (answer.LeftUnread && fault.SqlState == PostgresErrorCodes.QueryCanceled)
        {
        }

        await command.DisposeAsync();
        return answer;
    }

    public static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_dropped)
            return;
        _dropped = true;
        await using var server = new NpgsqlConnection(_server);
        await server.OpenAsync();
        await Run(server, $"drop database {Name} with (force)");
    }
}
