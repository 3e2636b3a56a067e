using System.Runtime.Versioning;
using SafeTools.Server.Secrets;

namespace SafeTools.Tests.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class PlacedSecretsTests : IDisposable
{
    private readonly SecretsGround _ground = new();

    public void Dispose() => _ground.Dispose();

    public static TheoryData<string> Writable => ["file", "envfile", "store"];

    [Theory]
    [MemberData(nameof(Writable))]
    public void Write_ThenRead_GivesTheValueToWhoeverReadsNext(string place)
    {
        var reference = Prepare(place);

        _ground.Secrets.Write(reference, new Secret("s3cr3t-One")).Should().BeNull();
        SecretsGround.Value(_ground.Another().Read(reference)).Should().Be("s3cr3t-One");

        _ground.Another().Write(reference, new Secret("s3cr3t-Two")).Should().BeNull();
        SecretsGround.Value(_ground.Secrets.Read(reference)).Should().Be("s3cr3t-Two");
    }

    [Theory]
    [InlineData("")]
    [InlineData("ends in a line break\n")]
    [InlineData("zero\0")]
    [InlineData("half of a surrogate pair")]
    [InlineData("\ufeffmark")]
    public void Write_WhatNoPlaceKeeps_Refuses(string value)
    {
        foreach (var place in Writable)
        {
            var reference = Prepare((string)place);
            // An attribute cannot hold one.
            var given = value.StartsWith("half", StringComparison.Ordinal) ? "x\ud800" : value;
            _ground.Secrets.Write(reference, new Secret(given))!.Code.Should().Be(RefusalCatalog.SecretNotWritable);
        }
    }

    [Fact]
    public void Write_Environment_Refuses()
    {
        _ground.Secrets.Write(SecretsGround.Reference("secret://env/SAFETOOLS_TEST_SECRET"), new Secret("x"))!.Code.Should().Be(RefusalCatalog.SecretNotWritable);
    }

    [Fact]
    public void Read_StoreThatWasNeverMade_SaysHowASecretIsSetAndMakesNothing()
    {
        SecretsGround.Why(_ground.Secrets.Read(SecretsGround.Reference("secret://store/db")))!.Message.Should().Contain("safetools secrets set db");
        Directory.Exists(_ground.State).Should().BeFalse();
    }

    [Fact]
    public void Fingerprint_OfOneStore_TellsValuesApartAndStaysOverProcessesAndKeys()
    {
        var one = _ground.Secrets.Fingerprint(new Secret("one"));

        one.Should().MatchRegex("^[0-9a-f]{16}$");
        _ground.Another().Fingerprint(new Secret("one")).Should().Be(one);
        _ground.Secrets.Fingerprint(new Secret("two")).Should().NotBe(one);
        _ground.Store.RotateKey().Should().BeNull();
        _ground.Another().Fingerprint(new Secret("one")).Should().Be(one);
    }

    [Fact]
    public void Fingerprint_OfAnotherStore_IsAnother()
    {
        using var other = new SecretsGround();

        other.Secrets.Fingerprint(new Secret("one")).Should().NotBe(_ground.Secrets.Fingerprint(new Secret("one")));
    }

    [Fact]
    public void Remember_WhatWasKept_IsGivenToTheNextAndForgottenByNull()
    {
        _ground.Secrets.Remember("postgres/shop", before => (before is null ? "first" : "wrong", 1)).Should().Be(1);
        _ground.Another().Remember("postgres/shop", before => ((string?)null, before)).Should().Be("first");
        _ground.Secrets.Remember("postgres/shop", before => (before, before)).Should().BeNull();
    }

    [Fact]
    public void Remember_ChangeThatThrows_ThrowsThatAndChangesNothing()
    {
        _ground.Secrets.Remember("k", _ => ("kept", 0));

        var act = () => _ground.Secrets.Remember<int>("k", _ => throw new IOException("theirs"));

        act.Should().Throw<IOException>().WithMessage("theirs");
        _ground.Another().Remember("k", before => (before, before)).Should().Be("kept");
    }

    [Fact]
    public void Remember_WithinARememberOrAWriteToTheStore_IsABug()
    {
        var act = () => _ground.Secrets.Remember("k", before => (before, _ground.Secrets.Remember("other", other => (other, 0))));

        act.Should().Throw<InvalidOperationException>();
        _ground.Secrets.Remember("k", before => (before, _ground.Secrets.Fingerprint(new Secret("x")))).Should().HaveLength(16);
    }

    [Fact]
    public void Remember_KeyThatAReferenceCouldName_IsNoSecret()
    {
        _ground.Secrets.Remember("db", _ => ("remembered", 0));

        SecretsGround.Value(_ground.Secrets.Read(SecretsGround.Reference("secret://store/db"))).Should().BeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void Remember_KeyThatIsNone_IsABug(string key)
    {
        var act = () => _ground.Secrets.Remember(key, before => (before, 0));

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void NoStateFolder_Store_RefusesOrThrows()
    {
        var secrets = new PlacedSecrets();

        SecretsGround.Why(secrets.Read(SecretsGround.Reference("secret://store/db")))!.Code.Should().Be(RefusalCatalog.SecretStoreUnusable);
        secrets.Write(SecretsGround.Reference("secret://store/db"), new Secret("x"))!.Code.Should().Be(RefusalCatalog.SecretStoreUnusable);
        secrets.Invoking(none => none.Fingerprint(new Secret("x"))).Should().Throw<SecretsException>();
    }

    private SecretReference Prepare(string place) => SecretsGround.Reference(place switch
    {
        "file" => $"secret://file{_ground.Folder}/one",
        "envfile" => $"secret://envfile{_ground.Make(".env", "A=1\nDB=old\nB=2\n")}#DB",
        _ => "secret://store/db",
    });
}
