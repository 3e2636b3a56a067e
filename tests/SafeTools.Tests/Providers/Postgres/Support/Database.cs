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
    public async Task Change(string statements)
    {
        await using var connection = await Open();
        foreach (var statement in statements.Split(";;", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            await Run(connection, statement);
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
