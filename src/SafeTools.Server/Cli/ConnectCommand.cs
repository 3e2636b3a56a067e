using System.CommandLine;
using SafeTools.Server.Http;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools connect</c>: standard input and output for a client, a server elsewhere. Standard output carries what the server says and nothing else.</summary>
internal static class ConnectCommand
{
    private const string Local = "unix:";

    public static Command Create()
    {
        var address = new Argument<string>("ADDRESS") { Description = "unix:PATH, the socket of a server that runs as another user; or the URL of one over HTTP" };
        var command = new Command("connect", "Be an MCP server over standard input and output that another one answers for") { address };
        command.SetAction((parsed, cancellationToken) => Connect(GlobalOptions.Terminal(parsed), parsed.GetRequiredValue(address), cancellationToken));
        return command;
    }

    private static async Task<int> Connect(Terminal terminal, string address, CancellationToken cancellationToken)
    {
        if (RemoteAddress.IsMeant(address))
        {
            if (RemoteAddress.Read(address, out var fault) is not { } url)
            {
                terminal.Complain(fault);
                return ExitCode.Usage;
            }

            return Say(terminal, await HttpRelay.Run(url, cancellationToken).ConfigureAwait(false));
        }

        if (!address.StartsWith(Local, StringComparison.Ordinal) || address.Length == Local.Length)
        {
            terminal.Complain($"'{VisibleText.Line(address, 200)}' is no address: write unix: and the path of the socket, such as unix:/run/safetools/safetools.sock, or a URL, such as http://127.0.0.1:8620.");
            return ExitCode.Usage;
        }

        return Say(terminal, await SocketRelay.Run(Path.GetFullPath(address[Local.Length..]), cancellationToken).ConfigureAwait(false));
    }

    private static int Say(Terminal terminal, SocketRelay.End end)
    {
        if (end.Words is { } words)
        {
            terminal.Complain(words);
        }

        return end.ExitCode;
    }
}
