using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>One real primary and one hot standby for all tests of this process, started when first asked for and ended with the process.</summary>
internal static class PostgresServer
{
    private const string Programs = "/usr/lib/postgresql/15/bin";

    private static readonly Lazy<(string Folder, int Primary, int Standby)> Running = new(Start);

    /// <summary>Host, port and superuser of the primary.</summary>
    public static string Superuser => Address(Running.Value.Primary);

    /// <summary>The same of the standby.</summary>
    public static string Standby => Address(Running.Value.Standby);

    private static string Address(int port) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false;Include Error Detail=true;Server Compatibility Mode=NoTypeLoading");

    private static (string Folder, int Primary, int Standby) Start()
    {
        var folder = Directory.CreateTempSubdirectory("safetools-postgres-").FullName;
        Run("chown", "postgres", folder);
        var (primary, standby) = (FreePort(), FreePort());
        Watch(folder);
        AsPostgres("initdb", "-D", $"{folder}/primary", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        File.AppendAllText($"{folder}/primary/postgresql.conf", string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = '127.0.0.1'
            port = {primary}
            unix_socket_directories = '{folder}'
            fsync = off
            shared_buffers = 32MB
            wal_level = replica
            """));
        AsPostgres("pg_ctl", "-D", $"{folder}/primary", "-l", $"{folder}/primary.log", "-w", "start");
        AsPostgres("pg_basebackup", "-h", "127.0.0.1", "-p", Text(primary), "-U", "postgres", "-D", $"{folder}/standby", "-X", "stream", "-c", "fast", "-R", "--no-sync");
        File.AppendAllText($"{folder}/standby/postgresql.conf", string.Create(CultureInfo.InvariantCulture, $"\nport = {standby}\n"));
        AsPostgres("pg_ctl", "-D", $"{folder}/standby", "-l", $"{folder}/standby.log", "-w", "start");
        return (folder, primary, standby);
    }

    /// <summary>A shell that ends the servers when this process has ended, however it did.</summary>
    private static void Watch(string folder)
    {
        var script = "while kill -0 $1 2>/dev/null; do sleep 1; done; for c in standby primary; do runuser -u postgres -- $2/pg_ctl -D $0/$c -m immediate stop; done; rm -rf $0";
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/setsid", ["/bin/sh", "-c", $"exec >/dev/null 2>&1; {script}", folder, Text(Environment.ProcessId), Programs])
        {
            WorkingDirectory = "/",
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static void AsPostgres(string program, params string[] arguments) => Run("runuser", ["-u", "postgres", "--", $"{Programs}/{program}", .. arguments]);

    /// <summary>Output is dropped by a shell: a started server would keep a pipe of ours open.</summary>
    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"{program} {string.Join(' ', arguments)}");
    }
}
