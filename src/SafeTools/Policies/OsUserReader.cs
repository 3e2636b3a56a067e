using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Reads a principal's <c>os_users</c>: names of users of the operating system, or their numbers.</summary>
internal static class OsUserReader
{
    /// <param name="claimed">Users of the principals read before; a user is one principal.</param>
    public static IReadOnlyList<string> Read(MapReader reader, HashSet<string> claimed)
    {
        var users = new List<string>();
        foreach (var written in reader.Texts("os_users"))
        {
            if (!IsUser(written.Text))
            {
                reader.Fault(written.Line, $"'{VisibleText.Line(written.Text, 64)}' is no user of the operating system: write a name such as alice, or a number such as 1000.");
            }
            else if (!claimed.Add(written.Text))
            {
                reader.Fault(written.Line, $"The OS user '{written.Text}' stands twice. A user is one principal, and named once.");
            }
            else
            {
                users.Add(written.Text);
            }
        }

        return users;
    }

    /// <summary>A name as useradd(8) takes it, with capitals and dots as directories have them; or a number without leading zeros, below the one that means nobody at all.</summary>
    private static bool IsUser(string text) =>
        Regex.IsMatch(text, @"^[A-Za-z_][A-Za-z0-9._-]{0,63}\z", RegexOptions.NonBacktracking)
        || (Regex.IsMatch(text, @"^(0|[1-9][0-9]{0,9})\z", RegexOptions.NonBacktracking) && uint.TryParse(text, out var number) && number != uint.MaxValue);
}
