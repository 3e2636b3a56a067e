using SafeTools.Providers.Postgres;
using SafeTools.Tests.Contracts;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>What every provider promises that diagnoses credentials, of an application's role on a real server.</summary>
[Collection(DiagnosisGround.Name)]
public sealed class DiagnosisContractTests(DiagnosisGround ground) : CredentialDiagnosisContract
{
    private protected override async Task<DiagnosedCredential> Arrange() => new ApplicationRole(ground, await ground.Role());

    private sealed class ApplicationRole : DiagnosedCredential
    {
        private readonly DiagnosisGround _ground;
        private readonly string _role;
        private readonly Looking _looking;

        public ApplicationRole(DiagnosisGround ground, string role)
        {
            (_ground, _role) = (ground, role);
            _looking = new Looking(Looking.Url(ground.Staging, role), Looking.Url(ground.Staging, "tools"), rotator: "none");
            Breaks = new Dictionary<string, Func<Task>>
            {
                ["wrong-password"] = () => ground.Staging.Run($"alter role {role} password 'canary-of-another'"),
                ["no-such-role"] = () => ground.Staging.Run($"drop role {role}"),
                ["login-not-allowed"] = () => ground.Staging.Run($"alter role {role} nologin"),
                ["expired"] = () => ground.Staging.Run($"alter role {role} valid until '2020-01-01'"),
                ["superuser"] = () => ground.Staging.Run($"alter role {role} superuser"),
                ["no-such-database"] = () => Put(Looking.Url(ground.Staging, role, database: "shopp")),
                ["other-environment"] = () => Put(Looking.Url(ground.Production, "tools")),
                ["unescaped-character"] = () => Put("postgres://app:canary/canary@127.0.0.1/shop"),
                ["not-a-connection-string"] = () => Put("canary"),
                ["secret-missing"] = () => Removed(),
            };
        }

        public override IProvider Provider => _looking.Provider;

        public override FakeClock Clock => _looking.Clock;

        public override OperationRequest Request => new(PostgresOperations.Diagnose, _looking.Resource, SettingValues.Empty, SafeTools.Arguments.None, PostgresOperations.Diagnose.Limits);

        public override IReadOnlyDictionary<string, Func<Task>> Breaks { get; }

        public override IReadOnlyList<string> Dangers => ["other-environment", "superuser"];

        public override IReadOnlyList<string> NeverShown => [DiagnosisGround.Password, Uri.EscapeDataString(DiagnosisGround.Password), "canary"];

        public override int Attempts => _ground.Logins(_role);

        public override string Everything() =>
            _looking.Value("application") + _ground.Staging.Run("select md5(string_agg(a::text, ',' order by oid)) from pg_authid a; select md5(string_agg(d::text, ',' order by oid)) from pg_database d").GetAwaiter().GetResult();

        public override void Restart() => _looking.Restart();

        public override ValueTask DisposeAsync() => _looking.DisposeAsync();

        private Task Put(string value)
        {
            _looking.Put("application", value);
            return Task.CompletedTask;
        }

        private Task Removed()
        {
            _looking.Remove("application");
            return Task.CompletedTask;
        }
    }
}
