using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Cli;

/// <summary>The person at the command line: what is shown, and what is asked. Passphrases are read from a terminal and from nowhere else.</summary>
/// <param name="interactive">Somebody can be asked.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool json, bool colour, bool interactive)
{
    /// <summary>What Ctrl-D types.</summary>
    private const char EndOfInput = '\u0004';

    /// <summary>The process's own console.</summary>
    public static Terminal Console(bool json) => new(
        System.Console.Out,
        System.Console.Error,
        json,
        colour: !json && !System.Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 } && System.Environment.GetEnvironmentVariable("TERM") is not "dumb",
        interactive: !System.Console.IsInputRedirected);

    public bool Json => json;

    public bool Interactive => interactive;

    /// <summary>Words for a person; beside JSON they go to standard error, so that machines read JSON alone and people still see what they sign.</summary>
    public void Line(string text = "") => (json ? error : output).WriteLine(text);

    public void Write(JsonNode node) => output.WriteLine(node.ToJsonString(CompactJson.Options));

    /// <summary>Goes to standard error, so that standard output stays what was asked for.</summary>
    public void Complain(string text) => error.WriteLine(text);

    /// <summary>What a provider threw, for the person who mends it; agents never see it.</summary>
    /// <param name="what">What was being done.</param>
    public void Report(Exception fault, string what) => Complain($"{what} failed: {fault.GetType().Name}: {VisibleText.Line(fault.Message, 1000)}");

    /// <summary>Says no, and what helps.</summary>
    /// <param name="why">What an agent may be told too.</param>
    /// <param name="advice">What helps in this very case, for the person alone; else what helps with every refusal of that code.</param>
    /// <returns>The exit code.</returns>
    public int Refuse(Refusal why, string? advice = null)
    {
        if (Json)
        {
            Write(new JsonObject { ["refused"] = why.Code.Id, ["message"] = why.Message });
        }
        else
        {
            Complain($"{why.Code.Id} {why.Message}");
            Complain(advice ?? why.Code.Remedy);
        }

        return ExitCode.Refused;
    }

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

        error.Write($"{question} ");
        return System.Console.ReadLine();
    }

    /// <summary>What to say where <see cref="Passphrase"/> answered null.</summary>
    public string NoPassphrase => Interactive ? "No passphrase was typed." : "A passphrase is typed at a terminal, and there is none here.";

    /// <summary>What is kept secret: typed without echo, or all of standard input where that is no terminal. A line break at the end is cut.</summary>
    /// <param name="most">In bytes; null where there is more, no text, or where Ctrl-D took it back.</param>
    public string? SecretValue(string question, int most)
    {
        if (Interactive)
        {
            return Passphrase(question) is { } typed ? new string(typed) : null;
        }

        using var input = System.Console.OpenStandardInput();
        var bytes = new byte[most + 1];
        var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        try
        {
            var text = length > most ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return text is null ? null : text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    /// <summary>A passphrase typed without echo; null where there is no terminal, or where Ctrl-D took it back. No flag, pipe or variable stands in for it.</summary>
    public char[]? Passphrase(string question)
    {
        if (!Interactive)
        {
            return null;
        }

        // Asking for a key turns the echo off; a fast typist, or a paste, must not be shown before the first key is read.
        _ = System.Console.KeyAvailable;
        error.Write($"{question} ");
        var typed = new StringBuilder();
        while (true)
        {
            var key = System.Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                break;
            }

            if (key == default || key.KeyChar == EndOfInput)
            {
                error.WriteLine();
                typed.Clear();
                return null;
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

        error.WriteLine();
        var passphrase = new char[typed.Length];
        typed.CopyTo(0, passphrase, typed.Length);
        typed.Clear();
        return passphrase;
    }

    private string Style(string text, string code) => colour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
