using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Makes bare connections to one host. None is pooled, and no text is ever divided or rewritten on its way.</summary>
internal sealed class EndpointSource : IAsyncDisposable
{
    private readonly ConnectionTarget _target;
    private readonly NpgsqlDataSource _source;
    private readonly TlsMode _mode;

    /// <summary>Of the connection that is being made: what was shown for another one says nothing about it.</summary>
    private readonly AsyncLocal<Handshake?> _handshake = new();

    /// <summary>
    /// Npgsql divides a text at its semicolons unless it is told not to, before it is first used. The project's files say so for every program; this says so
    /// for whatever else loads the provider, and the attestation tries whether it holds.
    /// </summary>
    static EndpointSource() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    public EndpointSource(ConnectionTarget target, Endpoint endpoint, int connectPatience, int commandPatience, int cancelPatience)
    {
        (_target, Endpoint, _mode) = (target, endpoint, target.TlsTo(endpoint));
        var builder = new NpgsqlSlimDataSourceBuilder(Settings(connectPatience, commandPatience, cancelPatience).ConnectionString);
        builder.EnableArrays();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (_mode != TlsMode.Disable)
        {
            builder.EnableTransportSecurity();
            builder.UseSslClientAuthenticationOptionsCallback(options => options.RemoteCertificateValidationCallback = Validate);
        }

        _source = builder.Build();
    }

    public Endpoint Endpoint { get; }

    /// <exception cref="NpgsqlException">It does not answer, or does not take the credential.</exception>
    /// <exception cref="WrongServerException">Its key is not the one that is pinned.</exception>
    public async Task<(NpgsqlConnection Connection, string? TlsKey)> Connect(CancellationToken cancellationToken)
    {
        var handshake = _handshake.Value = new Handshake();
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return (connection, handshake.Key);
        }
        catch (NpgsqlException) when (handshake.Refused)
        {
            throw new WrongServerException("its TLS key is not the pinned one");
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private NpgsqlConnectionStringBuilder Settings(int connectPatience, int commandPatience, int cancelPatience) => new()
    {
        Host = Endpoint.Host,
        Port = Endpoint.Port,
        Database = _target.Database,
        Username = _target.User,
        Password = _target.Password?.Reveal(),
        // The certificate is judged by Validate, which knows of pinned keys.
        SslMode = _mode switch { TlsMode.Disable => SslMode.Disable, TlsMode.Prefer => SslMode.Prefer, TlsMode.Require or TlsMode.VerifyCertificate or TlsMode.VerifyFull => SslMode.Require },
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
        Enlist = false,
        Timeout = connectPatience,
        CommandTimeout = commandPatience,
        CancellationTimeout = cancelPatience,
        TcpKeepAlive = true,
        ApplicationName = "safetools",
        PersistSecurityInfo = false,
        // For the trees, which come as details of notices. Details of errors are never passed on (ServerFault).
        IncludeErrorDetail = true,
    };

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 own)
            return false;
        if (_handshake.Value is not { } handshake)
            return false;
        handshake.Key = ServerCertificate.KeyOf(own);
        if (_target.PinnedKey is { } pinned && pinned != handshake.Key)
        {
            handshake.Refused = true;
            return false;
        }

        var allowed = _mode switch
        {
            TlsMode.Disable or TlsMode.Prefer or TlsMode.Require => SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch,
            TlsMode.VerifyCertificate => SslPolicyErrors.RemoteCertificateNameMismatch,
            TlsMode.VerifyFull => SslPolicyErrors.None,
        };
        var left = errors & ~allowed;
        return left == SslPolicyErrors.None || (left == SslPolicyErrors.RemoteCertificateChainErrors && _target.RootCertificate is { } root && ServerCertificate.IsSignedBy(own, root));
    }

    /// <summary>What the server showed; nothing where there was no TLS.</summary>
    private sealed class Handshake
    {
        private volatile string? _key;
        private volatile bool _refused;

        public string? Key
        {
            get => _key;
            set => _key = value;
        }

        public bool Refused
        {
            get => _refused;
            set => _refused = value;
        }
    }
}
