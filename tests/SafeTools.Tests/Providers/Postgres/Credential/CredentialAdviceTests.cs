using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Credential;

public sealed class CredentialAdviceTests
{
    [Theory]
    [InlineData("superuser")]
    [InlineData("owner-of-relation")]
    [InlineData("role-attribute")]
    public void Of_ARoleThatDoesOtherWork_IsToMakeOneForTheTools(string kind)
    {
        var advice = Of(Found(kind), Found("public-builtin"));

        advice[0].Should().StartWith("Leave app as it is");
        advice[1].Trim().Should().Be("safetools init postgres --database shop --schema public --environment staging | psql -d shop");
        advice.Should().HaveCount(2, "what another role can do is not to be tolerated of this one");
    }

    [Fact]
    public void Of_ARoleThatCanBeMended_NamesItsOwnCommandAndWhatMayBeToleratedInstead()
    {
        var advice = Of(Found("table-write"), Found("public-builtin"), Found("temp"), Found("no-tls", FindingWeight.Advises));

        advice[1].Trim().Should().Be("safetools init postgres --role app --database shop --schema public --environment staging | psql -d shop");
        advice[2].Should().EndWith("tolerates: [public-builtin, temp]");
    }

    [Fact]
    public void Of_NamesThatAShellWouldRead_QuotesThem() =>
        CredentialAdvice.Of([Found("table-write")], Server with { Database = "it's; rm", User = "$(id)" }, PostgresResource("staging"))[1].Trim()
            .Should().Be(@"safetools init postgres --role '$(id)' --database 'it'\''s; rm' --schema public --environment staging | psql -d 'it'\''s; rm'");

    [Fact]
    public void Of_AProvedRole_IsNone() => Of(Found("public-builtin", FindingWeight.Tolerated)).Should().BeEmpty();

    [Fact]
    public void Of_AProvedRoleInADatabaseWithoutAMarker_SaysHowItsOwnerMarksIt() =>
        CredentialAdvice.Of([], Server with { Markers = [] }, PostgresResource("qa"))[0].Should().EndWith("COMMENT ON DATABASE \"shop\" IS 'safetools: environment=qa';");

    private static ServerFacts Server { get; } = new() { Version = "15.1", User = "app", Database = "shop", SystemIdentifier = "1", Markers = ["staging"] };

    private static Resource PostgresResource(string claim) => new("db", "postgres", claim, SettingValues.Empty);

    private static Finding Found(string kind, FindingWeight weight = FindingWeight.Refuses) => new(kind, weight, "something", null);

    private static IReadOnlyList<string> Of(params Finding[] findings) => CredentialAdvice.Of(findings, Server, PostgresResource("staging"));
}
