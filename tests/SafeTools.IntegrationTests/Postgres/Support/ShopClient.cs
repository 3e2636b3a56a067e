using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>A client of a child <c>safetools serve</c> that has many calls under way at once.</summary>
internal sealed class ShopClient : IAsyncDisposable
{
    /// <summary>Far beyond any limit: who is silent for so long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Process _process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonObject>> _waiting = new();
    private readonly StringBuilder _error = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _lastId;

    private ShopClient(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => _error.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    /// <summary>What it wrote for people.</summary>
    public string StandardError => _error.ToString();

    /// <summary>The most memory that was ever resident, in MB (VmHWM of proc(5)).</summary>
    public double PeakMegabytes => File.ReadLines($"/proc/{ProcessId}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] is var kilobytes ? int.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0 : 0;

    /// <summary>How many TCP connections it holds open.</summary>
    public int Sockets => Directory.EnumerateFiles($"/proc/{ProcessId}/fd").Count(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true);

    public static async Task<ShopClient> Start(ShopPolicy policy)
    {
        var client = new ShopClient(Process.Start(policy.Serve())!);
        try
        {
            await client.Request("initialize", new JsonObject
            {
                ["protocolVersion"] = "2025-11-25",
                ["capabilities"] = new JsonObject(),
                ["clientInfo"] = new JsonObject { ["name"] = "shop", ["version"] = "1" },
            });
            await client.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public Task<Reply> Query(string sql, string tool = ShopPolicy.Query) => Call(tool, new JsonObject { ["sql"] = sql });

    public Task<Reply> Order(int id) => Call(ShopPolicy.Order, new JsonObject { ["id"] = id });

    public Task<Reply> Describe() => Call(ShopPolicy.Describe, []);

    public Task<Reply> Call(string tool, JsonObject arguments) => Begin(tool, arguments).Answer;

    /// <summary>Sends a call; its answer comes when it comes, or never where it is taken back.</summary>
    public (long Id, Task<Reply> Answer) Begin(string tool, JsonObject arguments)
    {
        var began = Stopwatch.GetTimestamp();
        var (id, answer) = Post("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });
        return (id, Replied());

        async Task<Reply> Replied() => Reply.Of(await answer, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Takes a call back, as MCP has it.</summary>
    public Task Cancel(long id) => Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = id } });

    /// <summary>The client is gone: nobody writes to it any more.</summary>
    public void HangUp() => _process.StandardInput.Close();

    public void Kill() => _process.Kill();

    public async Task<int> Ended()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _writing.Dispose();
    }

    private Task<JsonObject> Request(string method, JsonObject parameters) => Post(method, parameters).Answer;

    private (long Id, Task<JsonObject> Answer) Post(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        return (id, Posted());

        async Task<JsonObject> Posted()
        {
            await Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
            try
            {
                return await answer.Task.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"No answer to {parameters.ToJsonString()}.\n{StandardError}");
            }
        }
    }

    private async Task Send(JsonObject message)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(message.ToJsonString());
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetException(new EndOfStreamException($"The server ended.\n{StandardError}"));
            }

            return;
        }

        if (JsonNode.Parse(line) is JsonObject message && message["id"] is JsonValue id && _waiting.TryRemove(id.GetValue<long>(), out var answer))
        {
            answer.TrySetResult(message);
        }
    }
}
