using System.CommandLine;
using System.Text.RegularExpressions;

namespace SafeTools.Server.Cli;

/// <summary>Arguments that are ids of actions; anything else, a mistyped option above all, is a mistake of usage and not an unknown action.</summary>
internal static class ActionIds
{
    public static Argument<T> Check<T>(Argument<T> ids)
    {
        ids.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Regex.IsMatch(token.Value, @"\Aact-[0-9a-z]{12}\z", RegexOptions.NonBacktracking)))
            {
                result.AddError($"'{VisibleText.Line(token.Value, 64)}' is no id of an action (act- and 12 letters and digits), and no option.");
            }
        });
        return ids;
    }
}
