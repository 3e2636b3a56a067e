using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.IntegrationTests.Support;

/// <summary>A child <c>safetools serve</c>, spoken to in raw JSON lines. Everything it says is kept.</summary>
internal sealed class RawSession : IAsyncDisposable
{
    public const string Modern = "2026-07-28";

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly StringBuilder _error = new();
    private readonly Task _reading;
    private TaskCompletionSource _heard = New();
    private long _lastId = 1000;

    private RawSession(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadLines(process.StandardOutput, Hear), ReadLines(process.StandardError, line => _error.AppendLine(line)));
    }

    /// <summary>Null: no era was agreed on; requests go out as they are.</summary>
    public string? Era { get; private set; }

    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string StandardError => _error.ToString();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Starts a server; with no arguments as <c>serve</c> on the workspace's policy.</summary>
    public static RawSession Start(Workspace workspace, params string[] more) =>
        Start(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["serve", .. workspace.Options, .. more]), Path.Combine(workspace.Folder, "tmp")));

    public static RawSession Start(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <summary>Starts a server and agrees on an era.</summary>
    public static async Task<RawSession> Open(Workspace workspace, string era = "2025-11-25", params string[] more)
    {
        var session = Start(workspace, more);
        await session.Greet(era);
        return session;
    }

    /// <summary>Legacy eras begin with initialize; the modern one with nothing at all.</summary>
    public async Task<JsonObject> Greet(string era)
    {
        Era = era;
        if (era == Modern)
        {
            return await Request("server/discover", []);
        }

        var answer = await Request("initialize", new JsonObject
        {
            ["protocolVersion"] = era,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
        });
        await Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
        return answer;
    }

    public Task Send(JsonNode message) => SendLine(message.ToJsonString());

    public Task SendLine(string line) => SendBytes(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendBytes(byte[] bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Sends a request and answers its id; the response is waited for with <see cref="Answer"/>.</summary>
    public async Task<long> Begin(string method, JsonObject parameters, JsonNode? progressToken = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var meta = new JsonObject();
        if (Era == Modern)
        {
            meta["io.modelcontextprotocol/protocolVersion"] = Modern;
            meta["io.modelcontextprotocol/clientCapabilities"] = new JsonObject();
        }

        if (progressToken is not null)
        {
            meta["progressToken"] = progressToken.DeepClone();
        }

        if (meta.Count > 0)
        {
            parameters["_meta"] = meta;
        }

        await Send(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters });
        return id;
    }

    public Task<JsonObject> Answer(long id) => Heard(message => message["id"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.GetValue<long>() == id);

    /// <summary>The whole response message.</summary>
    public async Task<JsonObject> Request(string method, JsonObject parameters) => await Answer(await Begin(method, parameters));

    public Task<JsonObject> CallRaw(string tool, JsonObject arguments) => Request("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });

    /// <summary>The structured content of a tool's answer.</summary>
    public async Task<JsonObject> Call(string tool, JsonObject arguments) => Structured(await CallRaw(tool, arguments));

    public static JsonObject Structured(JsonObject response) => response["result"]?["structuredContent"]?.AsObject() ?? throw new InvalidOperationException(response.ToJsonString());

    public Task<JsonObject> Notification(string method, int from = 0) => Heard(message => message["method"]?.GetValue<string>() == method, from);

    /// <summary>The first message from line <paramref name="from"/> on that satisfies, waited for.</summary>
    public async Task<JsonObject> Heard(Func<JsonObject, bool> wanted, int from = 0)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                for (var index = from; index < _lines.Count; index++)
                {
                    if (JsonNode.Parse(_lines[index]) is JsonObject message && wanted(message))
                    {
                        return message;
                    }
                }

                (from, news) = (_lines.Count, _heard.Task);
            }

            if (_reading.IsCompleted)
            {
                throw new EndOfStreamException($"The server ended without an answer.\n{StandardError}");
            }

            try
            {
                await Task.WhenAny(news, _reading).WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The server did not answer. Heard:\n{string.Join('\n', Lines.Select(line => line[..Math.Min(500, line.Length)]))}\n{StandardError}");
            }
        }
    }

    public async Task<JsonArray> Tools() => (await Request("tools/list", []))["result"]!["tools"]!.AsArray();

    public async Task<string[]> ToolNames() => [.. (await Tools()).Select(tool => tool!["name"]!.GetValue<string>())];

    /// <summary>Hangs up, and waits until the server has ended and all that it said is read.</summary>
    public async Task<int> HangUp()
    {
        _process.StandardInput.Close();
        return await Exit();
    }

    /// <summary>SIGKILL: no time to tidy up.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await Exit();
    }

    public async Task<int> Exit()
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading.WaitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    public static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Hear(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            var heard = _heard;
            _heard = New();
            heard.SetResult();
        }
    }

    private static async Task ReadLines(StreamReader reader, System.Action<string> heard)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            heard(line);
        }
    }
}
