namespace SafeTools;

/// <summary>
/// One permission of a principal: <c>read:*@staging</c> (all read tools), <c>*@staging</c> (all read and reversible tools),
/// <c>delete_volume@production</c> (one tool, whatever its effect). A wildcard never covers an irreversible request.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Effect">The only effect covered; null for all that the rest allows.</param>
/// <param name="Tool">A tool's name; null for every tool.</param>
/// <param name="Environment">The only environment covered; null for every one.</param>
internal sealed record Grant(string Text, Effect? Effect, string? Tool, EnvironmentLabel? Environment)
{
    public const string Form = "[read:|reversible:|irreversible:]TOOL@ENVIRONMENT, with * for every tool or environment where no irreversible tool is meant";

    /// <summary>Null where the text is not of the <see cref="Form"/>.</summary>
    public static Grant? Parse(string text, EnvironmentMap environments)
    {
        var at = text.Split('@');
        if (at is not [{ Length: > 0 } subject, { Length: > 0 } place])
        {
            return null;
        }

        var colon = subject.Split(':');
        var (effectWord, tool) = colon switch
        {
            [var name] => (null, name),
            [var word, var name] => (word, name),
            _ => (null, ""),
        };
        var effect = effectWord is null ? null : LabelNames.ParseEffect(effectWord);
        var wild = tool == "*" || place == "*";
        if (tool.Length == 0 || (effectWord is not null && effect is null) || (wild && effect == SafeTools.Effect.Irreversible)
            || (place != "*" && !environments.Knows(place)))
        {
            return null;
        }

        return new Grant(text, effect, tool == "*" ? null : tool, place == "*" ? null : environments.Resolve(place));
    }

    public bool Covers(string tool, Effect effect, EnvironmentLabel environment) =>
        (Tool is null || Tool == tool)
        && (Effect is null || Effect == effect)
        && (Environment is null || Environment == environment)
        && (effect != SafeTools.Effect.Irreversible || (Tool is not null && Environment is not null));
}
