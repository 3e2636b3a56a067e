using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Asking;

/// <summary>The program that people install, as a child process, spoken to over standard input and output as an MCP client does.</summary>
internal sealed class PublishedServer : ITool
{
    private readonly PolicyFolder _policy;
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private long _lastId;

    private PublishedServer(PolicyFolder policy, Process process)
    {
        (_policy, _process) = (policy, process);
        process.ErrorDataReceived += (_, line) => _error.AppendLine(line.Data);
        process.BeginErrorReadLine();
    }

    public int? ProcessId => _process.Id;

    /// <summary>What it wrote for people.</summary>
    private string StandardError => _error.ToString();

    /// <param name="program">The executable.</param>
    public static async Task<PublishedServer> Start(string program, Ground ground, Credential credential, CancellationToken cancellationToken)
    {
        var policy = new PolicyFolder(ground);
        var start = new ProcessStartInfo(program, ["serve", "--config", policy.Configuration, "--state", policy.State])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = policy.Root,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = policy.Root;
        if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } runtime)
        {
            // A build of every day needs it; the published one does not.
            start.Environment["DOTNET_ROOT"] = runtime;
        }

        start.Environment[PolicyFolder.Variable] = ground.At(credential.Place).Url(credential.Role, Credential.Password, Ground.Database);
        var server = new PublishedServer(policy, Process.Start(start)!);
        try
        {
            await server.Request("initialize", Initialize(), cancellationToken);
            await server.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" }, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<Answer> Ask(string sql, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var response = await Request("tools/call", new JsonObject { ["name"] = PolicyFolder.Tool, ["arguments"] = new JsonObject { ["sql"] = sql } }, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            return response["result"]?["structuredContent"] is JsonObject structured ? Answer.Of(structured, took) : new Answer("protocol error", null, response.ToJsonString(), took);
        }
        catch (Exception fault) when (fault is IOException or TimeoutException)
        {
            return Answer.None(fault.Message, Stopwatch.GetElapsedTime(began));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _policy.Dispose();
    }

    private static JsonObject Initialize() => new()
    {
        ["protocolVersion"] = "2025-11-25",
        ["capabilities"] = new JsonObject(),
        ["clientInfo"] = new JsonObject { ["name"] = "corpus", ["version"] = "1" },
    };

    /// <exception cref="IOException">It ended.</exception>
    /// <exception cref="TimeoutException">It hangs.</exception>
    private async Task<JsonObject> Request(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ITool.Patience);
        var id = ++_lastId;
        try
        {
            await Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }, patience.Token);
            while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                // Answers to requests given up and notifications pass by.
                if (JsonNode.Parse(line) is JsonObject message && message["id"]?.GetValue<long>() == id)
                {
                    return message;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer {method} within {ITool.Patience.TotalSeconds} s.");
        }

        await _process.WaitForExitAsync(patience.Token);
        throw new IOException($"The server ended. {StandardError}".Trim());
    }

    private async Task Send(JsonObject message, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(message.ToJsonString().AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }
}
