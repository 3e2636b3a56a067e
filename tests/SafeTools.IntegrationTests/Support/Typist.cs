using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace SafeTools.IntegrationTests.Support;

/// <summary>
/// A person at a terminal: the program runs on a pseudo-terminal that <c>script</c> (util-linux) makes; what it asks is waited for before it is answered.
/// </summary>
internal sealed partial class Typist : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;
    private TaskCompletionSource _shown = New();
    private int _answered;

    private Typist(Process process)
    {
        _process = process;
        _reading = Read();
    }

    /// <summary>Everything that stood on the screen, without colours and cursor movements.</summary>
    public string Screen
    {
        get
        {
            lock (_gate)
            {
                return Escapes().Replace(_screen.ToString(), "").Replace("\r\n", "\n", StringComparison.Ordinal);
            }
        }
    }

    public static Typist Start(Workspace workspace, params string[] arguments) => Start(workspace, program => program, arguments);

    /// <param name="wrap">The program's command line as another program runs it.</param>
    public static Typist Start(Workspace workspace, Func<IReadOnlyList<string>, IReadOnlyList<string>> wrap, params string[] arguments)
    {
        // The words come from the tests and hold no quotes.
        var command = string.Join(' ', wrap(SafeToolsProgram.CommandLine([.. arguments, .. workspace.Options])).Select(word => $"'{word}'"));
        var start = SafeToolsProgram.Start(["script", "-qec", $"stty cols 400; exec {command}", "/dev/null"], Path.Combine(workspace.Folder, "tmp"), [new("TERM", "dumb"), new("SHELL", "/bin/sh")]);
        return new Typist(Process.Start(start)!);
    }

    /// <summary>Any command at a terminal, each question waited for and answered in turn. Its words hold no quotes.</summary>
    public static async Task<Ended> Run(
        IEnumerable<string> command, string folder, IEnumerable<KeyValuePair<string, string>> variables, params (string Question, string Answer)[] talk)
    {
        var line = string.Join(' ', command.Select(word => $"'{word}'"));
        var start = SafeToolsProgram.Start(["script", "-qec", $"stty cols 400; exec {line}", "/dev/null"], folder, [new("TERM", "dumb"), new("SHELL", "/bin/sh"), .. variables]);
        await using var typist = new Typist(Process.Start(start)!);
        foreach (var (question, answer) in talk)
        {
            await typist.Answer(question, answer);
        }

        return await typist.End();
    }

    /// <summary>Runs a verb at a terminal; each question is waited for and answered in turn.</summary>
    public static async Task<Ended> Run(Workspace workspace, string[] arguments, params (string Question, string Answer)[] talk)
    {
        await using var typist = Start(workspace, arguments);
        foreach (var (question, answer) in talk)
        {
            await typist.Answer(question, answer);
        }

        return await typist.End();
    }

    /// <summary>Waits until the question stands on the screen, after everything answered before, and types.</summary>
    /// <param name="asked">Done when it has asked, before the answer is typed.</param>
    public async Task Answer(string question, string answer, Func<Task>? asked = null)
    {
        await Until(question);
        await (asked?.Invoke() ?? Task.CompletedTask);
        await _process.StandardInput.WriteAsync(answer + "\r");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<Ended> End()
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _reading.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The program does not end. Screen:\n{Screen}");
        }

        return new Ended(_process.ExitCode, Screen, "");
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    public async Task Until(string question)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                var at = _screen.ToString().IndexOf(question, _answered, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _answered = at + question.Length;
                    return;
                }

                news = _shown.Task;
            }

            try
            {
                await Task.WhenAny(news, _reading).WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Never asked: {question}. Screen:\n{Screen}");
            }

            if (_reading.IsCompleted && !Screen.Contains(question, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The program ended without asking: {question}. Screen:\n{Screen}");
            }
        }
    }

    private async Task Read()
    {
        var buffer = new char[4096];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_gate)
            {
                _screen.Append(buffer, 0, read);
                var shown = _shown;
                _shown = New();
                shown.SetResult();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escapes();
}
