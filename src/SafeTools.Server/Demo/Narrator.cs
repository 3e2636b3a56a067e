using SafeTools.Server.Cli;

namespace SafeTools.Server.Demo;

/// <summary>Tells the story: scenes, and lines with who speaks.</summary>
internal sealed class Narrator(Terminal terminal)
{
    private int _scene;

    public void Scene(string title)
    {
        terminal.Line();
        terminal.Line(terminal.Strong($"{++_scene}. {title}"));
    }

    public void Tell(string text) => terminal.Line($"   {text}");

    public void Agent(string text) => terminal.Line($"   {terminal.Careful("agent ")} {text}");

    public void Yes(string text) => terminal.Line($"   {terminal.Good("server")} {text}");

    public void No(string text) => terminal.Line($"   {terminal.Bad("server")} {text}");

    public void Human(string text) => terminal.Line($"   {terminal.Strong("human ")} {text}");
}
