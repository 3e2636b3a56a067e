using System.Diagnostics;
using System.Globalization;

namespace SafeTools.Clusters;

/// <summary>
/// A running server. A shell supervises it and holds the other end of a pipe: when this process ends, however it ends, the shell reads the pipe's end,
/// stops the server and removes its folder. So a killed test run leaves nothing, and takes no port from the next.
/// </summary>
internal sealed class Postmaster : IAsyncDisposable
{
    private const string Supervise =
        """
        trap '' INT TERM HUP
        { "$1" -D "$2/data" >>"$2/log" 2>&1 </dev/null; echo ended; } &
        read -r how || how=abandoned
        case $how in fast) signal=INT ;; *) signal=QUIT ;; esac
        kill -"$signal" "$(head -n 1 "$2/data/postmaster.pid")" 2>/dev/null
        wait
        [ "$how" != abandoned ] || rm -rf "$2"
        """;

    private readonly ClusterFolder _folder;
    private readonly Process _supervisor;
    private readonly Task<string?> _ended;

    private Postmaster(ClusterFolder folder, Process supervisor)
    {
        (_folder, _supervisor) = (folder, supervisor);
        _ended = supervisor.StandardOutput.ReadLineAsync();
        supervisor.ErrorDataReceived += static (_, _) => { };
        supervisor.BeginErrorReadLine();
    }

    public int ProcessId { get; private set; }

    /// <summary>Whether it runs no more, for whatever reason.</summary>
    public bool HasEnded => _ended.IsCompleted;

    /// <summary>Returns once it accepts connections.</summary>
    /// <exception cref="ClusterException">It ended before, or did not come up.</exception>
    public static async Task<Postmaster> Start(ClusterFolder folder, CancellationToken cancellationToken)
    {
        // What an earlier server left would be read as the new one's word.
        await OsUser.Run(["rm", "-f", folder.PostmasterFile], cancellationToken: cancellationToken);
        var supervisor = Process.Start(OsUser.Start(["bash", "-c", Supervise, "supervisor", folder.Program("postgres"), folder.Root]))!;
        var postmaster = new Postmaster(folder, supervisor);
        try
        {
            await postmaster.Ready(cancellationToken);
            return postmaster;
        }
        catch
        {
            await postmaster.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the end of this process does: the pipe ends without a word.</summary>
    public Task Abandon() => End(word: null);

    /// <summary>Ends it at once, as a crash would, or after it wrote everything down; returns when it is gone.</summary>
    public Task Stop(bool cleanly) => End(cleanly ? "fast" : "immediate");

    public async ValueTask DisposeAsync()
    {
        await Stop(cleanly: false);
        _supervisor.Dispose();
    }

    private async Task End(string? word)
    {
        if (_supervisor.HasExited)
        {
            return;
        }

        if (word is not null)
        {
            await _supervisor.StandardInput.WriteLineAsync(word);
        }

        _supervisor.StandardInput.Close();
        using var patience = new CancellationTokenSource(OsUser.Patience);
        await _supervisor.WaitForExitAsync(patience.Token);
    }

    private async Task Ready(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OsUser.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!Says(out _, out var state) || state != "ready")
            {
                if (HasEnded)
                {
                    throw new ClusterException($"PostgreSQL ended while it started:\n{_folder.LogTail()}");
                }

                await timer.WaitForNextTickAsync(patience.Token);
            }

            Says(out var own, out _);
            ProcessId = own;
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException($"PostgreSQL did not get ready:\n{_folder.LogTail()}", fault);
        }
    }

    private bool Says(out int id, out string state)
    {
        (id, state) = (0, "");
        try
        {
            var lines = File.ReadAllLines(_folder.PostmasterFile);
            state = lines.Length >= 8 ? lines[7].Trim() : "";
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out id);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
