using System.Net;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>What a resource may say about its credential, how findings are weighed by it, and what marks an environment.</summary>
public sealed class CredentialSettingsTests
{
    [Fact]
    public void Faults_OfWhatIsRight_AreNone() =>
        CredentialSettings.Faults(PostgresDatabase.Resource(masked: ["shop.customers.card"], tolerates: ["public-builtin", "language-usage", "temp"])).Should().BeEmpty();

    [Theory]
    [InlineData("superuser", "nobody can put up with")]
    [InlineData("table-write", "nobody can put up with")]
    [InlineData("network-function", "nobody can put up with")]
    [InlineData("masked-readable", "nobody can put up with")]
    [InlineData("no-tls", "is advice")]
    [InlineData("everything", "no kind of finding")]
    [InlineData("Public-Builtin", "no kind of finding")]
    public void Faults_OfAKindThatCannotBeTolerated_SayWhy(string kind, string why) =>
        CredentialSettings.Faults(PostgresDatabase.Resource(tolerates: [kind])).Should().ContainSingle().Which.Should().Contain($"'{kind}'").And.Contain(why);

    [Fact]
    public void Faults_OfMasks_NameForm() =>
        CredentialSettings.Faults(PostgresDatabase.Resource(masked: ["customers.card", "a.b.c", "a.b.c"])).Should().HaveCount(2).And.Contain("'masked' names 'customers.card': write schema.table.column.");

    [Theory]
    [InlineData("public-builtin", FindingWeight.Tolerated)]
    [InlineData("temp", FindingWeight.Refuses)]
    [InlineData("superuser", FindingWeight.Refuses)]
    [InlineData("never-heard-of", FindingWeight.Refuses)]
    [InlineData("no-tls", FindingWeight.Advises)]
    public void Weigh_WhateverIsTolerated_OnlySoftKindsGiveWay(string kind, FindingWeight weight) =>
        FindingKinds.Weigh(kind, ["public-builtin", "superuser", "never-heard-of", "no-tls"]).Should().Be(weight);

    [Fact]
    public void Weigh_OfRows_PutsTheWorstFirstAndEachOnce()
    {
        var rows = new[] { new ProofRow("no-tls", "a", null), new ProofRow("temp", "b", "x"), new ProofRow("temp", "b", "x"), new ProofRow("public-builtin", "c", "y"), new ProofRow("superuser", "d", "z") };

        ProofRow.Weigh(rows, ["public-builtin"]).Select(finding => finding.Kind).Should().Equal("superuser", "temp", "public-builtin", "no-tls");
    }

    [Theory]
    [InlineData("10.0.0.5", false, true)]
    [InlineData("10.0.0.5", true, false)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("::1", false, false)]
    [InlineData(null, false, false)]
    public void Unencrypted_OverANetwork_IsAdvised(string? host, bool encrypted, bool advised)
    {
        var server = new ServerFacts { Version = "15", User = "u", Database = "d", SystemIdentifier = "1", Host = host is null ? null : IPAddress.Parse(host), Address = host };

        (server.Unencrypted(new Channel(encrypted, null)) is not null).Should().Be(advised);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("The shop. safetools: environment=staging")]
    [InlineData("safetools: environment=")]
    [InlineData("safetools: environment=two words")]
    [InlineData("SafeTools: environment=staging")]
    public void Read_OfACommentWithoutAMarker_IsEmpty(string? comment) => EnvironmentMarker.Read(comment).Should().BeEmpty();

    [Theory]
    [InlineData("safetools: environment=staging", "staging")]
    [InlineData("The shop.\n  safetools: environment=qa-2 \r\nAsk Ann.", "qa-2")]
    [InlineData("safetools: environment=staging\nsafetools: environment=production", "staging,production")]
    public void Read_OfAComment_GivesEveryMarkerOnALineOfItsOwn(string comment, string markers) => EnvironmentMarker.Read(comment).Should().Equal(markers.Split(','));
}
