using System.Runtime.Versioning;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Contracts;
using SafeTools.Tests.Providers.Postgres.Rotation;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>What every provider promises, of a hardened role on a real server, and of an application whose password can be rotated.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class PostgresContractTests(RotationCluster ground) : ProviderContract, IAsyncLifetime
{
    private const string Statement = "select id, total from shop.orders where customer = $1 order by id limit $2";

    private RotatedShop _shop = null!;
    private Served _served = null!;

    protected override IProvider Provider => _served.Provider;

    protected override Resource Resource => _served.Resource;

    protected override IReadOnlyList<string> NeverShown => ["postgres://", _shop.SecretPart(_shop.Sink), .. _shop.NeverShown];

    public async Task InitializeAsync()
    {
        _shop = await ground.Shop();
        _served = new Served("", provider: (PostgresProvider)_shop.Provider) { Resource = _shop.Resource };
    }

    public async Task DisposeAsync()
    {
        await _served.DisposeAsync();
        await _shop.DisposeAsync();
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
        "postgres.rotate_credential" => _shop.Rotation,
        _ => throw new InvalidOperationException($"No arrangement for {operation}."),
    };

    protected override OperationRequest MissingItem() => _served.Statement("select * from shop.nothing");

    protected override string Everything() => UserState() + Run("select md5(string_agg(a::text, ',' order by oid)) from pg_authid a; select md5(string_agg(l::text, ',' order by at)) from safetools_rotation.log l");

    /// <summary>Roles and slots are how a credential is rotated; what is the user's is the application's file, and the data.</summary>
    protected override string UserState() => File.ReadAllText(_shop.SinkFile) + Run(
        """
        select md5(string_agg(o::text, ',' order by id)) from shop.orders o;
        select md5(string_agg(concat_ws(':', c.oid, c.relname, c.relowner, c.relfilenode, c.relacl::text), ',' order by c.oid)) from pg_class c where relpersistence <> 't';
        select last_value, is_called from shop.orders_id_seq;
        """);

    private string Run(string sql) => _shop.Run(sql).GetAwaiter().GetResult();
}
