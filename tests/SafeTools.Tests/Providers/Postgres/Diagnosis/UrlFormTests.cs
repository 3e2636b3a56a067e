using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>What the form of a value tells, without a word of the value.</summary>
public sealed class UrlFormTests
{
    private static readonly SecretReference Reference = SecretReference.Parse("secret://env/APP_URL")!;

    [Theory]
    [InlineData("canary")]
    [InlineData("Host=canary;Password=canary")]
    [InlineData("jdbc:postgresql://canary/canary")]
    [InlineData("\"postgres://app:canary@db/shop\"")]
    [InlineData(" postgres://app:canary@db/shop")]
    [InlineData("mysql://app:canary@db/shop")]
    [InlineData("postgres://app:canary@db")]
    [InlineData("postgres://db/canary")]
    [InlineData("postgres://app:canary@db/shop?canary=1")]
    public void Read_NoConnectionString_SaysSoAndShowsNothing(string value) => Check(value, DiagnosisKinds.NotAConnectionString, believed: false);

    [Theory]
    [InlineData("postgres://app:can/ary@db/shop")]
    [InlineData("postgres://app:can?ary@db/shop")]
    [InlineData("postgres://app:canary@canary/canary@db/shop")]
    [InlineData("postgres://app:canary@canary/d?canary@db/shop")]
    public void Read_CharacterThatMovesTheHost_IsNotBelieved(string value) => Check(value, DiagnosisKinds.UnescapedCharacter, believed: false);

    [Theory]
    [InlineData("postgres://app:can@ary@db/shop")]
    [InlineData("postgres://app:can#ary@db/shop")]
    [InlineData("postgres://app:can%ary@db/shop")]
    [InlineData("postgres://app:canary 100%@db/shop")]
    public void Read_CharacterThatOthersReadOtherwise_IsTold(string value) => Check(value, DiagnosisKinds.UnescapedCharacter, believed: true);

    [Theory]
    [InlineData("postgres://app:c%40n%2Fary%25@db:5433/shop?sslmode=require")]
    [InlineData("postgresql://app:a:b@db1,db2:5433/shop")]
    public void Read_WellFormed_HasNoFindings(string value)
    {
        var form = UrlForm.Read(new Secret(value), Reference);
        form.Findings.Should().BeEmpty();
        form.Target.Should().NotBeNull();
    }

    private static void Check(string value, string kind, bool believed)
    {
        var form = UrlForm.Read(new Secret(value), Reference);
        form.Findings.Should().ContainSingle().Which.Kind.Should().Be(kind);
        (form.Target is not null).Should().Be(believed);
        var said = string.Join('\n', form.Findings.SelectMany(found => found.Mends.Select(mend => mend.Do).Append(found.Says)));
        foreach (var part in new[] { "canary", "can", "ary", "100" })
            said.Split(' ', '\n', '.', ',').Should().NotContain(part);
        said.Should().NotContain("canary");
    }
}
