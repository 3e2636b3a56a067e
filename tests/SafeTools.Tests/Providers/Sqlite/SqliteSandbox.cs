using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.Providers.Sqlite;
using SQLitePCL;

namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>A folder with one real database in it.</summary>
internal sealed class SqliteSandbox : IDisposable
{
    public const string Shop = """
        create table safetools_environment (name text not null);
        insert into safetools_environment values ('staging');
        create table customers (id integer primary key, name text not null);
        create table orders (id integer primary key, customer integer references customers(id), total real, placed text, note text, scan blob);
        insert into customers values (1, 'Ada'), (2, 'Grüße ☃'), (3, 'O''Neil');
        insert into orders values (1, 1, 10.5, '2026-01-01', null, x'00ff10'), (2, 1, 20, '2026-02-01', '{"a":[1,2]}', null), (3, 2, 5.25, '2026-02-02', 'x', null);
        create view big_orders as select id, total from orders where total > 10;
        create trigger on_order after insert on orders begin delete from customers; end;
        create virtual table docs using fts5(body);
        insert into docs values ('the quick brown fox'), ('lazy dogs');
        create virtual table notes using fts4(body);
        insert into notes values ('one quick note');
        """;

    private readonly SqliteProvider _provider;

    public SqliteSandbox(string schema = Shop, TimeProvider? clock = null, string before = "")
    {
        Folder = Directory.CreateTempSubdirectory("safetools-sqlite-").FullName;
        File = Path.Combine(Folder, "shop.db");
        _provider = new SqliteProvider(clock ?? TimeProvider.System);
        Write($"{before}; begin; {schema}; commit");
    }

    public string Folder { get; }

    public string File { get; }

    public SqliteProvider Provider => _provider;

    public Resource Resource => ResourceAt(File);

    public static Resource ResourceAt(string file) =>
        new("shop", "sqlite", "staging", new SettingValues(new Dictionary<string, string> { ["database"] = file }));

    public static sqlite3 OpenWritable(string file)
    {
        Batteries_V2.Init();
        raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null).Should().Be(raw.SQLITE_OK);
        return database;
    }

    /// <summary>What an application does to its own database.</summary>
    public void Write(string sql)
    {
        using var database = OpenWritable(File);
        raw.sqlite3_exec(database, sql, out var error).Should().Be(raw.SQLITE_OK, error);
    }

    public OperationRequest Query(string sql, Limits? limits = null)
    {
        var operation = _provider.Operations.Single(operation => operation.Name == "sqlite.query");
        var arguments = new Dictionary<string, JsonElement> { ["sql"] = JsonSerializer.SerializeToElement(sql) };
        return new OperationRequest(operation, Resource, SettingValues.Empty, new Arguments(arguments), limits ?? operation.Limits);
    }

    public OperationRequest Statement(string sql, params (string Name, ParameterType Type, object? Value)[] parameters)
    {
        var operation = _provider.Operations.Single(operation => operation.Name == "sqlite.statement");
        var arguments = parameters.Where(parameter => parameter.Value is not null)
            .ToDictionary(parameter => parameter.Name, parameter => JsonSerializer.SerializeToElement(parameter.Value));
        return new OperationRequest(
            operation, Resource, new SettingValues(new Dictionary<string, string> { ["statement"] = sql }), new Arguments(arguments), operation.Limits)
        {
            Parameters = [.. parameters.Select(parameter => new Parameter { Name = parameter.Name, Type = parameter.Type, Required = parameter.Value is not null })],
        };
    }

    public async Task<Preview> See(OperationRequest request) =>
        (await _provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;

    public async Task<Execution> Run(OperationRequest request) =>
        await _provider.Execute(new Ticket("read-1", request, (await See(request with { Limits = Limits.Default })).Fingerprint), new Progress<ProviderProgress>(), CancellationToken.None);

    public Task<Execution> Ask(string sql, Limits? limits = null) => Run(Query(sql, limits));

    /// <summary>The rows of an answer, as JSON.</summary>
    public async Task<string> Rows(string sql) => Rows(await Ask(sql));

    public static string Rows(Execution execution) => Data(execution)["rows"]!.ToJsonString(Readable);

    public static JsonObject Data(Execution execution) => execution.Should().BeOfType<Execution.Done>($"{execution}").Subject.Data;

    public async Task<Refusal> Refusal(string sql, Limits? limits = null) => Why(await Ask(sql, limits));

    public static Refusal Why(Execution execution) => execution.Should().BeOfType<Execution.Failed>().Subject.Why;

    /// <summary>Every name in the folder with its bytes.</summary>
    public string Everything() => Everything(Folder);

    public static string Everything(string folder) => string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, path)} {Digest(path)}")));

    public void Dispose()
    {
        _provider.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Digest(string path) => Directory.Exists(path) ? "folder" : Convert.ToHexString(SHA256.HashData(System.IO.File.ReadAllBytes(path)));
}
