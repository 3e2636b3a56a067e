using SafeTools.Server.Secrets;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

/// <summary>The contract holds for a credential that is not PostgreSQL's.</summary>
public sealed class TokenDiagnosisTests : CredentialDiagnosisContract
{
    private protected override Task<DiagnosedCredential> Arrange() => Task.FromResult<DiagnosedCredential>(new Token());

    private sealed class Token : DiagnosedCredential
    {
        private const string Value = "token-canary-1";

        private readonly string _folder = Directory.CreateTempSubdirectory("safetools-token-").FullName;
        private readonly TokenService _service = new("staging") { Token = Value };
        private readonly TokenService _live = new("production") { Token = Value };
        private TokenProvider _provider;

        public Token()
        {
            Write(Value);
            _provider = NewProvider();
            Request = new OperationRequest(TokenProvider.Diagnose, Resource("here"), SettingValues.Empty, SafeTools.Arguments.None, TokenProvider.Diagnose.Limits);
            Breaks = new Dictionary<string, Func<Task>>
            {
                ["token-refused"] = () => Broken(() => Write("token-canary-2")),
                ["token-expired"] = () => Broken(() => _service.Expired = true),
                ["unreachable"] = () => Broken(() => _service.Down = true),
                ["secret-missing"] = () => Broken(() => File.Delete(TokenFile)),
                ["other-environment"] = () => Broken(() => _request = Request with { Resource = Resource("live") }),
            };
        }

        private OperationRequest? _request;

        private string TokenFile => Path.Combine(_folder, "token");

        public override IProvider Provider => _provider;

        public override FakeClock Clock { get; } = new();

        public override OperationRequest Request => _request ?? field;

        public override IReadOnlyDictionary<string, Func<Task>> Breaks { get; }

        public override IReadOnlyList<string> Dangers => ["other-environment"];

        public override IReadOnlyList<string> NeverShown => ["canary"];

        public override int Attempts => _service.Asked + _live.Asked;

        public override string Everything() => $"{_service.Token} {_service.Expired} {(File.Exists(TokenFile) ? File.ReadAllText(TokenFile) : "")}";

        public override void Restart() => _provider = NewProvider();

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        private TokenProvider NewProvider() => new(Clock, new PlacedSecrets(Path.Combine(_folder, "state"), Clock), new Dictionary<string, TokenService> { ["here"] = _service, ["live"] = _live });

        private Resource Resource(string service) => new("api", "token", "staging", new SettingValues(new Dictionary<string, string> { ["token"] = $"secret://file{TokenFile}", ["service"] = service }));

        private void Write(string value)
        {
            File.WriteAllText(TokenFile, value);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        private static Task Broken(System.Action action)
        {
            action();
            return Task.CompletedTask;
        }
    }
}
