namespace SafeTools.Tests.Identifiers;

public class IdentifierTests
{
    [Fact]
    public void New_AnyKind_IsSafeInAShellAndNeverTheSame()
    {
        var made = Enumerable.Range(0, 500).SelectMany(_ => new[] { Identifier.NewAction(), Identifier.NewStore(), Identifier.NewServer(), Identifier.NewNonce() }).ToArray();
        made.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'));
    }

    [Fact]
    public void New_Kinds_HaveTheirForms()
    {
        Identifier.NewAction().Should().MatchRegex("^act-[0-9a-hjkmnp-tv-z]{12}$");
        Identifier.NewStore().Should().MatchRegex("^store-[0-9a-hjkmnp-tv-z]{16}$");
        Identifier.NewServer().Should().MatchRegex("^server-[0-9a-hjkmnp-tv-z]{12}$");
        Identifier.NewNonce().Should().MatchRegex("^[0-9a-hjkmnp-tv-z]{32}$");
    }
}
