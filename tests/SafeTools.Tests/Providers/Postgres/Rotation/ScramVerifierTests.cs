using System.Text.RegularExpressions;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

public sealed class ScramVerifierTests
{
    /// <summary>The example of RFC 7677, section 3: user "user", password "pencil"; the keys follow from its salt by RFC 5802, section 3.</summary>
    [Fact]
    public void Of_TheExampleOfTheStandard_ProvesItsMessages()
    {
        var verifier = ScramVerifier.Of(new Secret("pencil"), Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="));
        verifier.Should().Be("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
        const string Messages = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var server = Convert.FromBase64String(verifier.Split(':')[^1]);
        Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(server, System.Text.Encoding.ASCII.GetBytes(Messages))).Should().Be("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    [Fact]
    public void NewPassword_Each_IsLongPlainAndNew()
    {
        var made = Enumerable.Range(0, 50).Select(_ => ScramVerifier.NewPassword().Reveal()).ToArray();
        made.Should().OnlyHaveUniqueItems();
        made.Should().OnlyContain(password => Regex.IsMatch(password, "^[A-Za-z0-9_-]{43}$"));
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("p@ss w/ord", true)]
    [InlineData("pässword", false)]
    [InlineData("a\u00A0b", false)]
    [InlineData("", false)]
    public void Suits_Password_IsWhatSaslprepLeavesAlone(string password, bool suits) => ScramVerifier.Suits(new Secret(password)).Should().Be(suits);
}
