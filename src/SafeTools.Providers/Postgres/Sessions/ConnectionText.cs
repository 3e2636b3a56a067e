using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Reads <c>postgres://user:password@host:port,host:port/database?sslmode=…&amp;sslrootcert=…</c> (docs, 34.1.1.2 "Connection URIs"). Options that would
/// change what a session may do are not taken, and no fault repeats a part of the text.
/// </summary>
internal static class ConnectionText
{
    private const int StandardPort = 5432;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>Null where the text is no such URI, with the reason in words that hold none of it.</summary>
    public static ConnectionTarget? Parse(Secret secret, out string? fault)
    {
        var text = secret.Reveal();
        fault = null;
        var scheme = Schemes.FirstOrDefault(known => text.StartsWith(known, StringComparison.Ordinal));
        if (scheme is null)
            return Fault("does not begin with postgres://", out fault);
        var rest = text[scheme.Length..];
        var (main, options) = Split(rest, '?');
        var (authority, database) = Split(main, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", null) : Split(authority[..at], ':');
        if (user.Length == 0)
            return Fault("names no user", out fault);
        if (string.IsNullOrEmpty(database))
            return Fault("names no database", out fault);
        if (database.Contains('@', StringComparison.Ordinal) || database.Contains('/', StringComparison.Ordinal))
            return Fault("has a / before its last @", out fault);
        if (Endpoints(authority[(at + 1)..]) is not { Count: > 0 } endpoints)
            return Fault("names no host, or a port that is none", out fault);
        if (Options(options ?? "") is not { } said)
            return Fault("has another option than sslmode, sslrootcert, application_name and connect_timeout", out fault);
        if (!TryMode(said.GetValueOrDefault("sslmode"), out var mode))
            return Fault("has an sslmode that does not exist", out fault);
        return new ConnectionTarget
        {
            Endpoints = endpoints,
            Database = Uri.UnescapeDataString(database),
            User = Uri.UnescapeDataString(user),
            Password = password is null ? null : new Secret(Uri.UnescapeDataString(password)),
            Tls = mode,
            RootCertificate = said.GetValueOrDefault("sslrootcert"),
        };
    }

    private static ConnectionTarget? Fault(string why, out string? fault)
    {
        fault = $"The connection string {why}. Its form is postgres://user:password@host:port/database?sslmode=…, where a password's %, /, ?, # and @ are %25, %2F, %3F, %23 and %40.";
        return null;
    }

    private static List<Endpoint>? Endpoints(string hosts)
    {
        var endpoints = new List<Endpoint>();
        foreach (var host in hosts.Split(','))
        {
            var colon = host.LastIndexOf(':');
            var named = colon > host.LastIndexOf(']') ? host[..colon] : host;
            var port = StandardPort;
            if (named.Length == 0 || (named.Length < host.Length && (!int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)))
                return null;
            endpoints.Add(new Endpoint(Uri.UnescapeDataString(named.Trim('[', ']')), port));
        }

        return endpoints;
    }

    private static Dictionary<string, string>? Options(string text)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(option, '=');
            if (name is not ("sslmode" or "sslrootcert" or "application_name" or "connect_timeout") || !options.TryAdd(name, Uri.UnescapeDataString(value ?? "")))
                return null;
        }

        return options;
    }

    private static bool TryMode(string? text, out TlsMode? mode)
    {
        mode = text switch
        {
            "disable" => TlsMode.Disable,
            "prefer" or "allow" => TlsMode.Prefer,
            "require" => TlsMode.Require,
            "verify-ca" => TlsMode.VerifyCertificate,
            "verify-full" => TlsMode.VerifyFull,
            _ => null,
        };
        return text is null || mode is not null;
    }

    private static (string Before, string? After) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}
