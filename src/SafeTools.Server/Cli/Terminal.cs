using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Cli;

/// <summary>The person at the command line: what is shown, and what is asked. Passphrases are read from a terminal and from nowhere else.</summary>
internal sealed class Terminal(bool json)
{
    private readonly bool _colour = !json && !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };

    public bool Json => json;

    /// <summary>Somebody can be asked.</summary>
    public bool Interactive => !Console.IsInputRedirected;

    public void Line(string text = "") => Console.Out.WriteLine(text);

    public void Write(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(CompactJson.Options));

    /// <summary>Goes to standard error, so that standard output stays what was asked for.</summary>
    public void Complain(string text) => Console.Error.WriteLine(text);

    public string Strong(string text) => Style(text, "1");

    public string Good(string text) => Style(text, "32");

    public string Bad(string text) => Style(text, "31");

    public string Careful(string text) => Style(text, "33");

    public string Faint(string text) => Style(text, "2");

    public string Coloured(EnvironmentLabel environment) => environment switch
    {
        EnvironmentLabel.Local => Good(environment.Word()),
        EnvironmentLabel.Staging => Careful(environment.Word()),
        EnvironmentLabel.Production => Bad(environment.Word()),
    };

    /// <summary>A typed line; null where nobody can be asked.</summary>
    public string? Ask(string question)
    {
        if (!Interactive)
        {
            return null;
        }

        Console.Error.Write($"{question} ");
        return Console.ReadLine();
    }

    /// <summary>A passphrase typed without echo; null where there is no terminal. No flag, pipe or variable stands in for it.</summary>
    public char[]? Passphrase(string question)
    {
        if (!Interactive)
        {
            return null;
        }

        Console.Error.Write($"{question} ");
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                break;
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        var passphrase = new char[typed.Length];
        typed.CopyTo(0, passphrase, typed.Length);
        typed.Clear();
        return passphrase;
    }

    private string Style(string text, string code) => _colour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
