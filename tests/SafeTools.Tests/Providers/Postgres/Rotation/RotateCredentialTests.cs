using System.Runtime.Versioning;
using Npgsql;
using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>What goes wrong, on a real server: each refuses in words that say what both sides have, and no application is locked out.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class RotateCredentialTests(RotationCluster ground) : IAsyncLifetime
{
    private RotatedShop _shop = null!;

    public async Task InitializeAsync() => _shop = await ground.Shop();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task Preview_OfARotation_TellsWhatHappensAndWhenItEnds()
    {
        await using var session = await _shop.Open(_shop.Sink);
        var seen = (await _shop.Provider.Preview(_shop.Rotation, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;
        seen.Item.Should().Be(new Item("credential", $"postgres:{await _shop.Cluster.SystemIdentifier()}/{_shop.Database}/{_shop.Service}", _shop.Service));
        seen.Environment.Names.Should().Equal("staging");
        seen.Summary.Should().Contain("slot b").And.Contain("Slot a works until").And.Contain("at the latest");
        Fact(seen, "slot in use").Should().Be(new FactValue.Text("a"));
        Fact(seen, "sessions of slot a").Should().Be(new FactValue.Count(1));
        Fact(seen, "sessions of slot b").Should().Be(new FactValue.Count(0));
        Fact(seen, "grace ends").Should().BeOfType<FactValue.Instant>().Which.Value.Should().BeCloseTo(_shop.Now + TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));
        seen.Raised.Should().BeNull();
        seen.UndoNote.Should().NotBeNull();
    }

    [Fact]
    public async Task Rotate_Done_WritesTheConnectionStringAndNothingElse()
    {
        var (file, earlier) = (await File.ReadAllTextAsync(_shop.SinkFile), _shop.Sink);
        var done = await _shop.Rotate();
        var expected = earlier.Replace($"{_shop.RoleA}:{Uri.EscapeDataString(RotatedShop.FirstPassword)}@", $"{_shop.RoleB}:{_shop.SinkPassword}@", StringComparison.Ordinal);
        (await File.ReadAllTextAsync(_shop.SinkFile)).Should().Be(file.Replace(earlier, expected, StringComparison.Ordinal));
        done.Data["slot"]!.GetValue<string>().Should().Be("b");
        done.Data["version"]!.GetValue<long>().Should().Be(1);
        done.Data["fingerprint"]!.GetValue<string>().Should().Be(_shop.Secrets.Fingerprint(new Secret(_shop.Sink)));
        done.Data.Select(part => part.Key).Should().Contain(["valid_until", "earlier_works_until", "undo_until"]);
    }

    [Fact]
    public async Task Rotate_AnotherToolSetTheIdleSlot_RefusesAndSaysBothSides()
    {
        await _shop.Run($"ALTER ROLE {_shop.RoleB} PASSWORD 'set by another tool'");
        await RefusedWith(RefusalCatalog.RotatedByOthers, "Slot|slot b at version 0", "names slot a");
    }

    /// <summary>The server looks again, whatever was seen before.</summary>
    [Fact]
    public async Task Rotate_AnotherToolSetTheIdleSlotJustNow_RefusesAtTheServer()
    {
        var ticket = await _shop.Ticket(_shop.Rotation);
        await _shop.Run($"ALTER ROLE {_shop.RoleB} PASSWORD 'set by another tool'");
        var why = (await _shop.Execute(ticket)).Should().BeOfType<Execution.Failed>().Subject.Why;
        why.Code.Should().Be(RefusalCatalog.RotatedByOthers);
        await StandsAsBefore();
    }

    /// <summary>It is how a mismatch is mended: the application's own password was changed by somebody, and rotation gives it one that works.</summary>
    [Fact]
    public async Task Rotate_AnotherToolChangedThePasswordInUse_MendsIt()
    {
        await _shop.Run($"ALTER ROLE {_shop.RoleA} PASSWORD 'set by another tool'");
        (await _shop.Works(_shop.Sink)).Should().BeFalse();
        await _shop.Rotate();
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
        (await _shop.Pass(TimeSpan.FromHours(2.1))).Should().ContainSingle().Which.Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.RotatedByOthers, "what others set, others use");
    }

    [Fact]
    public async Task Rotate_SlotMissing_Refuses()
    {
        await _shop.Run($"DELETE FROM safetools_rotation.slots WHERE slot = 'b'");
        await RefusedWith(RefusalCatalog.RotationSlotMissing, "two slots");
    }

    [Fact]
    public async Task Rotate_RoleGone_Refuses()
    {
        await _shop.Run($"DROP ROLE {_shop.RoleB}");
        await RefusedWith(RefusalCatalog.RotationSlotMissing, "gone");
    }

    [Fact]
    public async Task Rotate_NoMemberOfTheOwnerRole_Refuses()
    {
        await _shop.Run($"REVOKE {_shop.Owner} FROM {_shop.RoleB}");
        await RefusedWith(RefusalCatalog.RotationSlotMissing, "no member");
    }

    [Fact]
    public async Task Rotate_RotatorExpired_RefusesAndSaysWho()
    {
        await _shop.Run($"ALTER ROLE {_shop.Rotator} VALID UNTIL '2020-01-01'");
        await RefusedWith(RefusalCatalog.CredentialRefused, "rotating role", "expired");
    }

    [Fact]
    public async Task Rotate_FunctionsGone_SaysThatItIsNotSetUp()
    {
        await _shop.Run("DROP SCHEMA safetools_rotation CASCADE");
        await RefusedWith(RefusalCatalog.RotationNotSetUp);
    }

    [Fact]
    public async Task Rotate_OnAStandby_Refuses()
    {
        await using var standby = await _shop.Cluster.Standby();
        _shop.Secrets.Fixed[_shop.Resource.Settings.Text("rotator")] = standby.Url(_shop.Rotator, RotatedShop.RotatorPassword, _shop.Database);
        await RefusedWith(RefusalCatalog.RotationOnStandby);
    }

    [Theory]
    [InlineData("SUPERUSER", "rotator-attribute")]
    [InlineData("CREATEROLE", "rotator-attribute")]
    [InlineData("REPLICATION", "rotator-attribute")]
    public async Task Rotate_RotatorThatIsMore_RefusesAndDoctorMendsIt(string attribute, string kind)
    {
        await _shop.Run($"ALTER ROLE {_shop.Rotator} {attribute}");
        await RefusedWith(RefusalCatalog.RotatorTooPowerful, kind);
        await Mended(kind);
    }

    [Theory]
    [InlineData("GRANT {a} TO {r}", "rotator-member")]
    [InlineData("GRANT pg_write_all_data TO {r}", "rotator-member")]
    [InlineData("GRANT INSERT ON shop.orders TO {r}", "rotator-table-write")]
    [InlineData("CREATE TABLE shop.own (a int); ALTER TABLE shop.own OWNER TO {r}", "rotator-owner-of-relation")]
    [InlineData("CREATE FUNCTION shop.evil() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'select 1'; GRANT EXECUTE ON FUNCTION shop.evil() TO {r}", "rotator-definer-function")]
    [InlineData("CREATE FUNCTION safetools_rotation.more() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'select 1'", "rotator-definer-function")]
    [InlineData("GRANT CREATE ON SCHEMA shop TO {r}", "rotator-schema-create")]
    public async Task Rotate_RotatorThatMayDoMore_RefusesAndDoctorMendsIt(string grant, string kind)
    {
        await _shop.Run(grant.Replace("{a}", _shop.RoleA, StringComparison.Ordinal).Replace("{r}", _shop.Rotator, StringComparison.Ordinal));
        await RefusedWith(RefusalCatalog.RotatorTooPowerful, kind);
        await Mended(kind);
    }

    [Theory]
    [InlineData("postgres://somebody:x@127.0.0.1:1/{db}", "none of the service's slots")]
    [InlineData("postgres://{a}:x@127.0.0.1:1/other", "another database")]
    [InlineData("mysql://{a}:x@127.0.0.1:1/{db}", "does not begin with postgres://")]
    public async Task Rotate_SecretThatFitsNoSlot_Refuses(string sink, string why)
    {
        _shop.Sink = sink.Replace("{a}", _shop.RoleA, StringComparison.Ordinal).Replace("{db}", _shop.Database, StringComparison.Ordinal);
        (await RefusedWith(RefusalCatalog.RotationSinkUnfit, why)).Message.Should().NotContain("somebody").And.NotContain("127.0.0.1");
    }

    [Fact]
    public async Task Rotate_SecretReadableByOthers_Refuses()
    {
        File.SetUnixFileMode(_shop.SinkFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (await _shop.Refused(_shop.Rotation)).Message.Should().Contain("0600");
        (await _shop.Slots()).Should().Be("a|0|t\nb|0|f");
    }

    [Fact]
    public async Task Rotate_ApplicationsAddressLeadsElsewhere_TakesItBack()
    {
        await using var clone = await _shop.Cluster.Clone();
        await clone.Run($"ALTER ROLE {_shop.RoleA} PASSWORD 'other'");
        _shop.Sink = clone.Url(_shop.RoleA, "other", _shop.Database);
        var why = await _shop.Refused(_shop.Rotation);
        why.Code.Should().Be(RefusalCatalog.RotationTakenBack);
        _shop.SinkUser.Should().Be(_shop.RoleA);
        (await _shop.Slots()).Should().Be("a|0|t\nb|2|f", "what was set is retired again");
    }

    [Fact]
    public async Task Rotate_SecretChangedByOthersWhileTheServerWasSet_KeepsTheirsAndTakesItBack()
    {
        var theirs = _shop.Sink + "&connect_timeout=7";
        var ticket = await _shop.Ticket(_shop.Rotation);
        _shop.Secrets.OnRemembered = () =>
        {
            _shop.Secrets.OnRemembered = null;
            _shop.Sink = theirs;
        };
        (await _shop.Execute(ticket)).Should().BeOfType<Execution.Failed>().Which.Why.Code.Should().Be(RefusalCatalog.RotationTakenBack);
        _shop.Sink.Should().Be(theirs);
        (await _shop.Works(theirs)).Should().BeTrue();
        (await _shop.Slots()).Should().Be("a|0|t\nb|2|f");
    }

    /// <summary>The order makes it harmless: once the secret is written, nothing of the server is needed any more.</summary>
    [Fact]
    public async Task Rotate_ServerFailsAfterTheSecretChanged_IsDoneAllTheSame()
    {
        _shop.Secrets.OnWritten = () => _shop.Run($"DROP SCHEMA safetools_rotation CASCADE; ALTER ROLE {_shop.Rotator} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_shop.Rotator}'").GetAwaiter().GetResult();
        var earlier = _shop.Sink;
        await _shop.Rotate();
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
        (await _shop.Works(earlier)).Should().BeTrue();
    }

    /// <summary>A session that dies under the change: what came of it is found out, not guessed.</summary>
    [Fact]
    public async Task Rotate_SessionsEndedAllTheTime_IsDoneOrTakenBackAndNobodyIsLockedOut()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            var earlier = _shop.Sink;
            var ticket = await _shop.Ticket(_shop.Rotation);
            var executing = _shop.Execute(ticket);
            while (!executing.IsCompleted && turn > 0)
                await _shop.Run($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('{_shop.Rotator}', '{_shop.RoleB}') AND pid <> pg_backend_pid()");
            var end = await executing;
            for (var asked = 0; end is Execution.Unknown && asked < 3; asked++)
                end = await _shop.Probe(ticket);
            end.Should().NotBeOfType<Execution.Unknown>(RotatedCredential.Said(end));
            (_shop.Sink != earlier).Should().Be(end is Execution.Done);
            (await _shop.Works(_shop.Sink)).Should().BeTrue();
            (await _shop.Works(earlier)).Should().BeTrue();
            await _shop.Pass(TimeSpan.FromHours(2.1));
        }
    }

    [Fact]
    public async Task GraceEnd_EarlierSlotHasSessions_IsPostponedUpToOnceMoreThenEnded()
    {
        await using var session = await _shop.Open(_shop.Sink);
        await _shop.Rotate();
        var postponed = (await _shop.Pass(TimeSpan.FromMinutes(61))).Should().ContainSingle().Which.Should().BeOfType<Execution.Failed>().Subject.Why;
        postponed.Message.Should().Contain("1 sessions");
        await Alive(session);
        (await _shop.Pass(TimeSpan.FromMinutes(30))).Should().ContainSingle().Which.Should().BeOfType<Execution.Failed>();
        await Alive(session);
        (await _shop.Pass(TimeSpan.FromMinutes(30))).Should().ContainSingle().Which.Should().BeOfType<Execution.Done>().Which.Data["sessions_ended"]!.GetValue<long>().Should().Be(1);
        await FluentActions.Invoking(() => Alive(session)).Should().ThrowAsync<NpgsqlException>();
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
    }

    [Fact]
    public async Task GraceEnd_NewerDoesNotGetIn_KeepsTheEarlier()
    {
        var earlier = _shop.Sink;
        await _shop.Rotate();
        await _shop.Run($"ALTER ROLE {_shop.RoleB} NOLOGIN");
        (await _shop.Pass(TimeSpan.FromMinutes(61))).Should().ContainSingle().Which.Should().BeOfType<Execution.Failed>();
        (await _shop.Works(earlier)).Should().BeTrue();
    }

    [Fact]
    public async Task Undo_EarlierDoesNotGetInAnyMore_RefusesAndKeepsTheNewer()
    {
        var done = await _shop.Rotate();
        var newer = _shop.Sink;
        await _shop.Run($"ALTER ROLE {_shop.RoleA} NOLOGIN");
        (await _shop.Refused(_shop.Undo(done))).Code.Should().Be(RefusalCatalog.RotationUndoTooLate);
        _shop.Sink.Should().Be(newer);
        (await _shop.Works(newer)).Should().BeTrue();
    }

    [Theory]
    [InlineData("p@ss:w/o?r#d%41&=+ ';\"\\")]
    [InlineData("päss wörd €")]
    [InlineData("a")]
    public async Task Rotate_EarlierPasswordWithCharactersThatBreakUrls_ComesBackByteForByte(string password)
    {
        await using var shop = await ground.Shop(password: password);
        var earlier = shop.Sink;
        (await shop.Works(earlier)).Should().BeTrue();
        var done = await shop.Rotate();
        RotatedCredential.Done(await shop.Call(shop.Undo(done)));
        shop.Sink.Should().Be(earlier);
        (await shop.Works(earlier)).Should().BeTrue();
    }

    private static FactValue Fact(Preview seen, string name) => seen.Facts.Single(fact => fact.Name == name).Value;

    private static async Task Alive(NpgsqlConnection session)
    {
        await using var command = new NpgsqlCommand("select 1", session);
        await command.ExecuteScalarAsync();
    }

    private async Task<Refusal> RefusedWith(RefusalCode code, params string[] words)
    {
        var (sink, provider) = (_shop.Sink, _shop.Restart());
        var why = await _shop.Refused(_shop.Rotation);
        why.Code.Should().Be(code, why.Message);
        foreach (var word in words)
            why.Message.Should().ContainAny(word.Split('|'));
        _shop.Sink.Should().Be(sink);
        provider.Owed(_shop.Resource).Should().BeEmpty();
        return why;
    }

    private async Task StandsAsBefore()
    {
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
        (await _shop.Slots()).Should().Be("a|0|t\nb|0|f");
        _shop.Provider.Owed(_shop.Resource).Should().BeEmpty();
    }

    /// <summary>What doctor prints takes away what was too much.</summary>
    private async Task Mended(string kind)
    {
        var findings = (await _shop.Provider.Attest(_shop.Resource, CancellationToken.None))!.Findings;
        findings.Should().Contain(finding => finding.Kind == kind && finding.Weight == FindingWeight.Refuses);
        foreach (var mend in findings.Where(finding => finding.Kind.StartsWith("rotator-", StringComparison.Ordinal)).Select(finding => finding.Mend).OfType<string>().Distinct())
            await _shop.Run(mend);
        _shop.Restart();
        (await _shop.Provider.Attest(_shop.Resource, CancellationToken.None))!.Findings.Should().NotContain(finding => finding.Kind.StartsWith("rotator-", StringComparison.Ordinal));
        await _shop.Rotate();
    }
}
