using System.Buffers;
using System.IO.Pipelines;

namespace SafeTools.Server.Mcp;

/// <summary>The two streams of one client, and whether it was greeted already.</summary>
internal sealed class ClientStreams
{
    private const int BufferSize = 16 * 1024;

    private ClientStreams(PipeReader input, Stream output)
    {
        (Input, Output) = (input, output);
        Greeted = Greet();
    }

    public PipeReader Input { get; }

    public Stream Output { get; }

    /// <summary>Completes with the first line: whether it was an <c>initialize</c> that has its answer. The line itself is still to be read.</summary>
    public Task<bool> Greeted { get; }

    public static ClientStreams Open(Stream input, Stream output) => new(PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize)), output);

    /// <summary>Greets first where a client speaks at once, as all do: what a session needs is loaded while the client reads the answer.</summary>
    public Task GreetFirst(TimeSpan patience, CancellationToken cancellationToken) => Task.WhenAny(Greeted, Task.Delay(patience, cancellationToken));

    private async Task<bool> Greet()
    {
        try
        {
            return await AnswerFirstLine().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client is gone; whoever reads on will find out.
            return false;
        }
    }

    private async Task<bool> AnswerFirstLine()
    {
        while (true)
        {
            var read = await Input.ReadAsync().ConfigureAwait(false);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var answer = Greeting.Answer(read.Buffer.Slice(0, end));
                if (answer is not null)
                {
                    await Output.WriteAsync(answer).ConfigureAwait(false);
                    await Output.FlushAsync().ConfigureAwait(false);
                }

                Input.AdvanceTo(read.Buffer.Start);
                return answer is not null;
            }

            if (read.IsCompleted || read.Buffer.Length >= BufferSize)
            {
                Input.AdvanceTo(read.Buffer.Start);
                return false;
            }

            Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
