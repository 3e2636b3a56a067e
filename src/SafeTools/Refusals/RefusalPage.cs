using System.Text;

namespace SafeTools;

/// <summary>Renders docs/refusals.md; a test holds the committed page to it.</summary>
internal static class RefusalPage
{
    private static readonly (string Prefix, string Title)[] Parts =
    [
        ("ST11", "Arguments"),
        ("ST12", "What a principal may do"),
        ("ST13", "The gate"),
        ("ST14", "Proposals and decisions"),
        ("ST15", "Items and infrastructure"),
        ("ST16", "SQL"),
        ("ST17", "localvolume"),
        ("ST18", "State"),
        ("ST19", "Anything else"),
        ("ST20", "postgres"),
    ];

    public static string Render()
    {
        var page = new StringBuilder("""
            # Refusals

            Every "no" has a code that never changes its meaning, and says what helps. Nothing was done, unless the text says otherwise.
            This page is generated from `src/SafeTools/Refusals/RefusalCatalog.cs`.

            """.ReplaceLineEndings("\n"));
        foreach (var part in RefusalCatalog.All.GroupBy(code => code.Id[..4]))
        {
            page.Append("\n## ").Append(Parts.Where(known => known.Prefix == part.Key).Select(known => known.Title).FirstOrDefault(part.Key)).Append("\n\n| code | meaning | what helps |\n|---|---|---|\n");
            foreach (var code in part)
            {
                page.Append("| ").Append(code.Id).Append(" | ").Append(code.Title).Append(" | ").Append(code.Remedy).Append(" |\n");
            }
        }

        return page.ToString();
    }
}
