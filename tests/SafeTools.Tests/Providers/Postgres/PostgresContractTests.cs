using SafeTools.Providers.Postgres;
using SafeTools.Tests.Contracts;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>What every provider promises, of a hardened role on a real server.</summary>
[Collection(PostgresGround.Name)]
public sealed class PostgresContractTests(PostgresGround ground) : ProviderContract, IAsyncLifetime
{
    private const string Statement = "select id, total from shop.orders where customer = $1 order by id limit $2";

    private PostgresDatabase _database = null!;
    private Served _served = null!;

    protected override IProvider Provider => _served.Provider;

    protected override Resource Resource => _served.Resource;

    protected override IReadOnlyList<string> NeverShown => [PostgresDatabase.Password + "@", "postgres://"];

    public async Task InitializeAsync()
    {
        _database = await ground.Database();
        _served = new Served(_database.Cluster.Url(_database.Agent, PostgresDatabase.Password, _database.Name));
    }

    public async Task DisposeAsync()
    {
        await _served.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override OperationRequest Arrange(string operation) => operation switch
    {
        "postgres.statement" => _served.Statement(
            Statement,
            [new Parameter { Name = "customer", Type = ParameterType.String }, new Parameter { Name = "most", Type = ParameterType.Integer }],
            arguments: [("customer", "n1"), ("most", 5)]),
        "postgres.query" => _served.Query("select * from shop.orders"),
        "postgres.describe" => _served.Describe(),
        "postgres.diagnose_credential" => Request("postgres.diagnose_credential", ("credential", "tools")),
        _ => throw new InvalidOperationException($"No arrangement for {operation}."),
    };

    protected override OperationRequest MissingItem() => _served.Statement("select * from shop.nothing");

    protected override string Everything() => _database.Run(
        """
        select md5(string_agg(o::text, ',' order by id)) from shop.orders o;
        select md5(string_agg(concat_ws(':', c.oid, c.relname, c.relowner, c.relfilenode, c.relacl::text), ',' order by c.oid)) from pg_class c where relpersistence <> 't';
        select md5(string_agg(a::text, ',' order by oid)) from pg_authid a;
        select last_value, is_called from shop.orders_id_seq;
        """).GetAwaiter().GetResult();

    protected override string UserState() => Everything();
}
