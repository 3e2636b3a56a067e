using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using SafeTools.Server.Hardening;
using SafeTools.Server.Secrets;

namespace SafeTools.Tests.Secrets;

/// <summary>The two files of the store, each in every way in which it can be wrong.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretStoreTests : IDisposable
{
    private const string Canary = "canary-9f3e-value";
    private static readonly SecretReference Db = SecretsGround.Reference("secret://store/db");

    private readonly SecretsGround _ground = new();

    public SecretStoreTests() => _ground.Secrets.Write(Db, new Secret(Canary)).Should().BeNull();

    private string StoreFile => Path.Combine(_ground.State, SecretStore.FileName);

    private string KeyFile => Path.Combine(_ground.State, SecretStore.KeyName);

    private string NextKeyFile => Path.Combine(_ground.State, SecretStore.NextKeyName);

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void Files_AreTheOwnersAloneAndHoldNoValueAndNoName()
    {
        _ground.Secrets.Remember("remembered/name", _ => ("remembered text", 0));

        foreach (var file in Directory.GetFiles(_ground.State))
        {
            File.GetUnixFileMode(file).Should().Be(SecretsGround.OwnerOnly, file);
            var bytes = File.ReadAllText(file, Encoding.Latin1);
            foreach (var hidden in new[] { Canary, "\"db\"", "remembered", Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)) })
            {
                bytes.Should().NotContain(hidden);
            }
        }

        Directory.GetFiles(_ground.State).Select(Path.GetFileName).Should().BeEquivalentTo(SecretStore.FileName, SecretStore.KeyName);
    }

    [Fact]
    public void Write_Again_UsesAFreshNonce()
    {
        string Nonce() => JsonNode.Parse(File.ReadAllText(StoreFile))!["nonce"]!.GetValue<string>();
        var before = Nonce();

        _ground.Secrets.Write(Db, new Secret(Canary));

        Nonce().Should().NotBe(before);
    }

    [Fact]
    public void Put_Again_CountsVersionsAndTellsWhen()
    {
        _ground.Clock.Advance(TimeSpan.FromMinutes(1));
        _ground.Store.Put("db", new Secret("two"));

        var kept = _ground.Store.Open(out _)!.Secrets["db"];
        kept.Version.Should().Be(2);
        kept.Set.Should().Be(_ground.Clock.GetUtcNow());
    }

    [Fact]
    public void EveryBit_OfTheStore_IsHeld()
    {
        var file = File.ReadAllBytes(StoreFile);
        for (var index = 0; index < file.Length - 1; index++)
        {
            var changed = file.ToArray();
            changed[index] ^= 1;
            File.WriteAllBytes(StoreFile, changed);
            SecretsGround.Value(_ground.Secrets.Read(Db)).Should().BeNull($"byte {index} was changed");
        }
    }

    [Fact]
    public void EveryCut_OfTheStore_IsHeld()
    {
        var file = File.ReadAllBytes(StoreFile);
        for (var length = 0; length < file.Length - 1; length++)
        {
            File.WriteAllBytes(StoreFile, file[..length]);
            SecretsGround.Why(_ground.Secrets.Read(Db))!.Message.Should().Contain("damaged");
        }
    }

    [Fact]
    public void StoreOfANewerVersion_SaysSo()
    {
        var json = JsonNode.Parse(File.ReadAllText(StoreFile))!;
        json["version"] = 2;
        File.WriteAllText(StoreFile, json.ToJsonString());

        Refuses("*newer version*");
    }

    [Fact]
    public void GenerationThatWasEdited_IsHeld()
    {
        var json = JsonNode.Parse(File.ReadAllText(StoreFile))!;
        json["generation"] = json["generation"]!.GetValue<long>() - 1;
        File.WriteAllText(StoreFile, json.ToJsonString());

        Refuses("*damaged*");
    }

    [Fact]
    public void KeyOfAnotherStore_IsNotTheOneThatLockedIt()
    {
        using var other = new SecretsGround();
        other.Secrets.Write(Db, new Secret("x"));
        File.Copy(Path.Combine(other.State, SecretStore.KeyName), KeyFile, overwrite: true);

        Refuses("*not the one that locked it*");
    }

    [Fact]
    public void KeyThatIsMissing_SaysSoAndMakesNoOther()
    {
        File.Delete(KeyFile);

        Refuses("*missing*");
        File.Exists(KeyFile).Should().BeFalse();
    }

    [Fact]
    public void KeyThatIsCut_SaysSo()
    {
        File.WriteAllText(KeyFile, File.ReadAllText(KeyFile)[..30]);

        Refuses("*key*damaged*");
    }

    [Theory]
    [InlineData(SecretStore.FileName, UnixFileMode.GroupRead)]
    [InlineData(SecretStore.FileName, UnixFileMode.OtherWrite)]
    [InlineData(SecretStore.KeyName, UnixFileMode.GroupRead)]
    [InlineData(SecretStore.KeyName, UnixFileMode.OtherRead)]
    public void FileThatOthersMayUse_Refuses(string file, UnixFileMode more)
    {
        File.SetUnixFileMode(Path.Combine(_ground.State, file), SecretsGround.OwnerOnly | more);

        Refuses("*by others*0600*");
    }

    [Theory]
    [InlineData(SecretStore.FileName)]
    [InlineData(SecretStore.KeyName)]
    public void FileOfAnotherUser_Refuses(string file)
    {
        Ownership.OfThisProcess.Should().Be(Ownership.Root, "a file is given away");
        Os.Own(Path.Combine(_ground.State, file), 65534);

        Refuses("*another user*");
    }

    [Theory]
    [InlineData(SecretStore.FileName)]
    [InlineData(SecretStore.KeyName)]
    public void FileThatIsALink_Refuses(string file)
    {
        var path = Path.Combine(_ground.State, file);
        File.Move(path, path + ".moved");
        File.CreateSymbolicLink(path, path + ".moved");

        Refuses("*symbolic link*");
    }

    [Fact]
    public void FolderThatOthersMayUse_RefusesToWrite()
    {
        File.SetUnixFileMode(_ground.State, File.GetUnixFileMode(_ground.State) | UnixFileMode.OtherExecute);

        _ground.Secrets.Write(Db, new Secret("x"))!.Message.Should().Contain("0700");
    }

    [Fact]
    public void RotateKey_KeepsEverythingUnderAnotherKey()
    {
        _ground.Secrets.Remember("k", _ => ("kept", 0));
        var (store, key) = (File.ReadAllBytes(StoreFile), File.ReadAllText(KeyFile));

        _ground.Store.RotateKey().Should().BeNull();

        SecretsGround.Value(_ground.Another().Read(Db)).Should().Be(Canary);
        _ground.Secrets.Remember("k", before => (before, before)).Should().Be("kept");
        File.ReadAllText(KeyFile).Should().NotBe(key);
        File.Exists(NextKeyFile).Should().BeFalse();

        File.WriteAllBytes(StoreFile, store);
        Refuses("*not the one that locked it*");
    }

    [Fact]
    public void RotateKey_KilledBeforeTheStoreNamesTheNextKey_OpensAndDropsIt()
    {
        File.WriteAllBytes(NextKeyFile, StoreKey.Create().ToFile());
        File.SetUnixFileMode(NextKeyFile, SecretsGround.OwnerOnly);

        SecretsGround.Value(_ground.Secrets.Read(Db)).Should().Be(Canary);
        _ground.Secrets.Write(Db, new Secret("next")).Should().BeNull();
        File.Exists(NextKeyFile).Should().BeFalse();
    }

    [Fact]
    public void RotateKey_KilledBeforeTheNextKeyTakesItsPlace_OpensAndGivesItTheName()
    {
        var old = File.ReadAllBytes(KeyFile);
        _ground.Store.RotateKey();
        File.Move(KeyFile, NextKeyFile);
        File.WriteAllBytes(KeyFile, old);
        File.SetUnixFileMode(KeyFile, SecretsGround.OwnerOnly);

        SecretsGround.Value(_ground.Secrets.Read(Db)).Should().Be(Canary);
        _ground.Secrets.Write(Db, new Secret("next")).Should().BeNull();
        File.Exists(NextKeyFile).Should().BeFalse();
        SecretsGround.Value(_ground.Another().Read(Db)).Should().Be("next");
    }

    [Fact]
    public void KeyWithoutAStore_IsTakenByTheFirstWrite()
    {
        File.Delete(StoreFile);
        var key = File.ReadAllText(KeyFile);

        _ground.Secrets.Write(Db, new Secret("first")).Should().BeNull();
        File.ReadAllText(KeyFile).Should().Be(key);
    }

    [Fact]
    public async Task Writers_AtOnce_LoseNothingAndReadersAlwaysRead()
    {
        const int writers = 8, rounds = 10;
        using var over = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                SecretsGround.Value(_ground.Another().Read(Db)).Should().Be(Canary);
            }
        });
        var writing = Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                _ground.Another().Remember("count", before => ($"{int.Parse(before ?? "0", null) + 1}", 0));
                if (writer == 0)
                {
                    _ground.Store.RotateKey().Should().BeNull();
                }
            }
        }));
        await Task.WhenAll(writing);
        await over.CancelAsync();
        await reading;

        _ground.Secrets.Remember("count", before => (before, before)).Should().Be($"{writers * rounds}");
    }

    private void Refuses(string words)
    {
        var bytes = File.ReadAllBytes(StoreFile);
        var why = SecretsGround.Why(_ground.Another().Read(Db))!;
        why.Code.Should().Be(RefusalCatalog.SecretStoreUnusable);
        why.Message.Should().Match(words).And.NotContain(_ground.Folder);
        _ground.Secrets.Write(Db, new Secret("other"))!.Message.Should().Match(words);
        _ground.Secrets.Invoking(secrets => secrets.Fingerprint(new Secret("x"))).Should().Throw<SecretsException>().WithMessage(words);
        _ground.Secrets.Invoking(secrets => secrets.Remember("k", before => (before, 0))).Should().Throw<SecretsException>().WithMessage(words);
        File.ReadAllBytes(StoreFile).Should().Equal(bytes, "what is refused is not touched");
    }
}
