using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SafeTools.Clusters;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Secrets;

namespace SafeTools.IntegrationTests.Secrets;

/// <summary>One password in all four places, used by the real program in every way that goes well or wrong, and searched for in everything that comes out of it (DESIGN §8, promise 3).</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private static readonly string[] Places = ["env", "file", "envfile", "store"];

    private readonly Canary _canary = new();
    private readonly Workspace _workspace = Workspace.Create();
    private readonly List<(string Where, byte[] Bytes)> _searched = [];
    private PostgresCluster _cluster = null!;

    private string Kept => Path.Combine(_workspace.Folder, "kept");

    private string Temporary => Path.Combine(_workspace.Folder, "tmp");

    private KeyValuePair<string, string> Variable => new("CANARY_URL", Url());

    public async Task InitializeAsync()
    {
        _cluster = await PostgresCluster.Start(new ClusterOptions { Settings = new Dictionary<string, string> { ["log_statement"] = "all", ["log_connections"] = "on" } });
        await _cluster.Run("create database shop");
        await _cluster.Run("create schema shop; create table shop.orders (id int primary key); insert into shop.orders values (7); create table shop.held (id int primary key)", "shop");
        var init = await _workspace.Run("init", "postgres", "--database", "shop", "--schema", "shop", "--environment", "staging");
        init.ExitCode.Should().Be(0, init.All);
        await _cluster.Run(init.Output, "shop");
        await SetPassword(_canary);
        Directory.CreateDirectory(Kept);
        Keep("whole", Url());
        Keep("app.env", $"A=1\nDB='{Url()}'\n");
        Keep("wrong", Url(password: $"{_canary.Password}wrong"));
        Keep("closed", Url().Replace($":{_cluster.Port}/", ":1/", StringComparison.Ordinal));
        (await _workspace.RunWith(Url(), "secrets", "set", "db")).ExitCode.Should().Be(0);
        Configure(("env", "secret://env/CANARY_URL"), ("file", $"secret://file{Kept}/whole"), ("envfile", $"secret://envfile{Kept}/app.env#DB"), ("store", "secret://store/db"),
            ("wrong", $"secret://file{Kept}/wrong"), ("closed", $"secret://file{Kept}/closed"));
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Everything_ThatComesOutOfTheProgram_HoldsNoSpellingOfTheCredential()
    {
        _canary.FoundIn(await File.ReadAllBytesAsync(Path.Combine(Kept, "whole"))).Should().Be("plain", "it is found where it is");
        using var human = Human.EnrolWithKeyFile(_workspace);
        await Say("check", expected: 0);
        await Say("doctor", expected: 1);
        var accepted = await Typist.Run(
            SafeToolsProgram.CommandLine(["accept", .. _workspace.Options]), Temporary, [Variable], ("Passphrase of dana:", Human.Passphrase));
        Search("accept", accepted.All);
        accepted.ExitCode.Should().Be(0, accepted.All);

        await using var session = await Serve();
        foreach (var place in Places)
        {
            (await session.Call($"read_{place}", []))["outcome"]!.GetValue<string>().Should().Be("executed", place);
        }

        (await session.Call("read_wrong", []))["code"]!.GetValue<string>().Should().Be("ST1508");
        (await session.Call("read_closed", []))["code"]!.GetValue<string>().Should().Be("ST1503");
        await using (var holder = await _cluster.Open(database: "shop"))
        {
            await using var held = holder.CreateCommand();
            await using var transaction = await holder.BeginTransactionAsync();
            held.CommandText = "lock table shop.held";
            await held.ExecuteNonQueryAsync();
            (await session.Call("slow_file", []))["outcome"]!.GetValue<string>().Should().NotBe("executed");
        }

        await session.Call("describe_access", []);
        await session.Call("read_env", new JsonObject { ["none"] = 1 });
        await SearchProcesses(session.ProcessId);

        await ChangePassword(session);
        foreach (var verb in new[] { "secrets list", "secrets list --json", "secrets rotate-key", "audit tail", "audit export", "audit verify", "proposals list", "doctor --json", "check --json" })
        {
            await Say(verb);
        }

        await Crash(session.ProcessId);
        await session.Exit();
        Search("answers", string.Join('\n', session.Lines));
        Search("the server's log", session.StandardError);
        SearchFolder(_workspace.State);
        SearchFolder(Temporary);
        SearchFolder(Path.Combine(_workspace.Folder, "workspace"));
        Search("the database's log", await File.ReadAllTextAsync(_cluster.LogFile));
        _searched.Should().HaveCountGreaterThan(25).And.Contain(one => one.Where.EndsWith(SecretStore.FileName, StringComparison.Ordinal));
        _searched.Select(one => (one.Where, Form: _canary.FoundIn(one.Bytes))).Where(one => one.Form is not null).Should().BeEmpty();
    }

    [Fact]
    public async Task Doctor_ThatCrashesWhileItHoldsTheCredential_WritesNoDump()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Keep("silent", Url().Replace($":{_cluster.Port}/", $":{((IPEndPoint)listener.LocalEndpoint).Port}/", StringComparison.Ordinal));
        Configure(("silent", $"secret://file{Kept}/silent"));
        var words = string.Join(' ', SafeToolsProgram.CommandLine(["doctor", .. _workspace.Options]).Select(word => $"'{word}'"));
        using var process = Process.Start(SafeToolsProgram.Start(["sh", "-c", $"ulimit -c unlimited; exec {words}"], Temporary))!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        using var _ = await listener.AcceptTcpClientAsync(patience.Token);

        await Crash(process.Id);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.Should().NotBe(0);
        Search("doctor", string.Concat(await output));
        SearchFolder(Temporary);
        _searched.Select(one => (one.Where, Form: _canary.FoundIn(one.Bytes))).Where(one => one.Form is not null).Should().BeEmpty();
    }

    /// <summary>What was set is used from the next connection on, without a restart.</summary>
    private async Task ChangePassword(RawSession session)
    {
        var next = new Canary();
        await SetPassword(next);
        await _cluster.Run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'safetools_agent'");
        (await session.Call("read_store", []))["outcome"]!.GetValue<string>().Should().Be("refused", "the store has the old one");
        (await _workspace.RunWith(Url(next.Password), "secrets", "set", "db")).ExitCode.Should().Be(0);
        await Eventually.Get(() => session.Call("read_store", []), answer => answer["outcome"]!.GetValue<string>() == "executed");
    }

    /// <summary>The server, and whatever it has started, as /proc shows them to root.</summary>
    private async Task SearchProcesses(int server)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var _)))
        {
            try
            {
                var status = await File.ReadAllTextAsync(Path.Combine(folder, "status"));
                if (Path.GetFileName(folder) == server.ToString(CultureInfo.InvariantCulture) || status.Contains($"PPid:\t{server}\n", StringComparison.Ordinal))
                {
                    _searched.Add(($"{folder}/environ", await File.ReadAllBytesAsync(Path.Combine(folder, "environ"))));
                    _searched.Add(($"{folder}/cmdline", await File.ReadAllBytesAsync(Path.Combine(folder, "cmdline"))));
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        Directory.EnumerateFiles(Temporary, $"*-{server}-*").Concat(Directory.EnumerateFiles("/tmp", $"*-{server}-*")).Should().BeEmpty("no diagnostic socket is there");
    }

    /// <summary>With the shell's limit of core dumps taken away. Where the kernel writes them beside the process, a shell that dies alike leaves one.</summary>
    private async Task Crash(int process)
    {
        var pattern = (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern")).Trim();
        if (pattern.Length > 0 && pattern[0] is not ('|' or '/'))
        {
            await SafeToolsProgram.Run(SafeToolsProgram.Start(["sh", "-c", "ulimit -c unlimited; kill -ABRT $$"], Temporary));
            var dumps = Directory.GetFiles(Temporary, "core*");
            dumps.Should().NotBeEmpty("this system writes dumps there");
            Array.ForEach(dumps, File.Delete);
        }

        (await File.ReadAllTextAsync($"/proc/{process}/limits")).Should().MatchRegex(@"Max core file size\s+0\s+0\s");
        (await TwoUsers.Run("kill", "-ABRT", process.ToString(CultureInfo.InvariantCulture))).ExitCode.Should().Be(0);
        await Eventually.Get(() => TwoUsers.Run("kill", "-ABRT", process.ToString(CultureInfo.InvariantCulture)), sent => sent.ExitCode != 0 || !Directory.Exists($"/proc/{process}/fd"));
        Directory.EnumerateFiles(Temporary, "*core*").Should().BeEmpty();
    }

    private async Task<RawSession> Serve()
    {
        var words = string.Join(' ', SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]).Select(word => $"'{word}'"));
        var session = RawSession.Start(SafeToolsProgram.Start(["sh", "-c", $"ulimit -c unlimited; exec {words}"], Temporary, [Variable]));
        await session.Greet("2025-11-25");
        return session;
    }

    private async Task Say(string verb, int? expected = null)
    {
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine([.. verb.Split(' '), .. _workspace.Options]), Temporary, [Variable]));
        Search(verb, ended.All);
        if (expected is { } code)
        {
            ended.ExitCode.Should().Be(code, ended.All);
        }
    }

    private void Search(string where, string text) => _searched.Add((where, Encoding.UTF8.GetBytes(text)));

    private void SearchFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            _searched.Add((file, File.ReadAllBytes(file)));
        }
    }

    private void Configure(params (string Name, string Reference)[] resources)
    {
        var specs = Path.Combine(_workspace.Folder, "workspace", "canary-specs");
        if (Directory.Exists(specs))
        {
            Directory.Delete(specs, recursive: true);
        }

        var yaml = new StringBuilder("tools: ./canary-specs\nresources:\n");
        foreach (var (name, reference) in resources)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  pg-{name}:\n    provider: postgres\n    environment: staging\n    connection: \"{reference}\"\n");
            Specify($"read_{name}", name, "orders");
        }

        Specify("slow_file", resources.Any(one => one.Name == "file") ? "file" : resources[0].Name, "held");
        _workspace.Write("workspace/safetools.yaml", $"{yaml}principals:\n  local:\n    grants:\n      - read:*@staging\n");
    }

    private void Specify(string tool, string resource, string table) => _workspace.Write($"workspace/canary-specs/{tool}.yaml", $"""
        tool: {tool}
        title: Read
        description: Reads.
        operation: postgres.statement
        resource: pg-{resource}
        environment: staging
        effect: read
        statement: select id from shop.{table} limit 1
        limits: {"{"} rows: 5, bytes: 4KiB, time: 2s, calls: 60/min {"}"}
        """);

    private void Keep(string name, string content)
    {
        var path = Path.Combine(Kept, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Url(string? password = null) => _cluster.Url("safetools_agent", password ?? _canary.Password, "shop");

    private Task<string> SetPassword(Canary canary) =>
        _cluster.Run($"set log_statement = 'none'; alter role safetools_agent password '{canary.Password}'; reset log_statement");
}
