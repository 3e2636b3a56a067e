using System.Runtime.Versioning;
using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>
/// One login role alone: between the server's change and the secret's an application is locked out, which the preview says. Whatever dies in between is
/// finished, so that the secret and the server agree again.
/// </summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class SingleSlotTests(RotationCluster ground) : IAsyncLifetime
{
    private RotatedShop _shop = null!;

    public async Task InitializeAsync() => _shop = await ground.Shop(twoSlots: false);

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task Rotate_Done_NewWorksAndEarlierDoesNot()
    {
        var earlier = _shop.Sink;
        var seen = (await _shop.Provider.Preview(_shop.Rotation, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;
        seen.Summary.Should().Contain("Between the two a login with the earlier password fails");
        await _shop.Rotate();
        _shop.SinkUser.Should().Be(_shop.RoleA);
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
        (await _shop.Works(earlier)).Should().BeFalse();
        (await _shop.Refused(_shop.Rotation)).Code.Should().Be(RefusalCatalog.RotationInGrace);
        (await _shop.Pass(TimeSpan.FromHours(1.1))).Should().ContainSingle().Which.Should().BeOfType<Execution.Done>();
        await _shop.Rotate();
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
    }

    [Fact]
    public async Task Undo_InTheGrace_SetsTheEarlierPasswordAgain()
    {
        var earlier = _shop.Sink;
        var done = await _shop.Rotate();
        var newer = _shop.Sink;
        RotatedCredential.Done(await _shop.Call(_shop.Undo(done)));
        _shop.Sink.Should().Be(earlier);
        (await _shop.Works(earlier)).Should().BeTrue();
        (await _shop.Works(newer)).Should().BeFalse();
        _shop.Provider.Owed(_shop.Resource).Should().BeEmpty();
        await _shop.Rotate();
    }

    [Fact]
    public async Task Rotate_TheSecretCannotBeWritten_ChangesNothingOnTheServer()
    {
        var earlier = _shop.Sink;
        _shop.Secrets.OnWrite = _ => RefusalCatalog.SecretNotWritable.Because("The disk is full.");
        (await _shop.Refused(_shop.Rotation)).Code.Should().Be(RefusalCatalog.SecretNotWritable);
        (await _shop.Slots()).Should().Be("a|0|t");
        (await _shop.Works(earlier)).Should().BeTrue();
    }

    [Fact]
    public async Task Rotate_TheSecretCannotBeWrittenAfterTheServerChanged_SetsTheEarlierPasswordAgain()
    {
        var (earlier, writes) = (_shop.Sink, 0);
        _shop.Secrets.OnWrite = _ => ++writes > 1 ? RefusalCatalog.SecretNotWritable.Because("The disk is full.") : null;
        var why = await _shop.Refused(_shop.Rotation);
        why.Code.Should().Be(RefusalCatalog.RotationTakenBack);
        why.Message.Should().Contain("The disk is full.").And.Contain("slot a at version 2").And.Contain("names slot a");
        _shop.Sink.Should().Be(earlier);
        (await _shop.Works(earlier)).Should().BeTrue();
        _shop.Secrets.OnWrite = null;
        await _shop.Rotate();
    }

    [Fact]
    public async Task Rotate_AnotherToolChangedThePassword_Refuses()
    {
        await _shop.Run($"ALTER ROLE {_shop.RoleA} PASSWORD 'set by another tool'");
        (await _shop.Refused(_shop.Rotation)).Code.Should().Be(RefusalCatalog.RotatedByOthers);
    }

    [Fact]
    public async Task Preview_EarlierPasswordThatCannotBeSetAgain_IsIrreversible()
    {
        await using var shop = await ground.Shop(twoSlots: false, password: "pässword");
        (await shop.Works(shop.Sink)).Should().BeTrue();
        var seen = (await shop.Provider.Preview(shop.Rotation, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;
        seen.Raised!.Value.Effect.Should().Be(Effect.Irreversible);
        seen.UndoNote.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_DiedAtEveryCall_IsFinishedOrTakenBack(bool after)
    {
        for (var call = 1; ; call++)
        {
            var earlier = _shop.Sink;
            var ticket = await _shop.Ticket(_shop.Rotation);
            var died = await Dies((call, after), ticket);
            _shop.Restart();
            var end = await _shop.Probe(ticket);
            end.Should().NotBeOfType<Execution.Unknown>($"it died at call {call}: {RotatedCredential.Said(end)}");
            (_shop.Sink != earlier).Should().Be(end is Execution.Done, $"it died at call {call}");
            (await _shop.Works(_shop.Sink)).Should().BeTrue($"it died at call {call}");
            await _shop.Pass(TimeSpan.FromHours(1.1));
            if (!died)
                return;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Undo_DiedAtEveryCall_IsFinishedOrTakenBack(bool after)
    {
        for (var call = 1; ; call++)
        {
            var earlier = _shop.Sink;
            var done = await _shop.Rotate();
            var newer = _shop.Sink;
            var ticket = await _shop.Ticket(_shop.Undo(done));
            var died = await Dies((call, after), ticket);
            _shop.Restart();
            var end = await _shop.Probe(ticket);
            end.Should().NotBeOfType<Execution.Unknown>($"it died at call {call}: {RotatedCredential.Said(end)}");
            _shop.Sink.Should().Be(end is Execution.Done ? earlier : newer, $"it died at call {call}");
            (await _shop.Works(_shop.Sink)).Should().BeTrue($"it died at call {call}");
            await _shop.Pass(TimeSpan.FromHours(1.1));
            if (!died)
                return;
        }
    }

    private async Task<bool> Dies((int Call, bool After) at, Ticket ticket)
    {
        (_shop.Secrets.Calls, _shop.Secrets.Break) = (0, at);
        try
        {
            await _shop.Execute(ticket);
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
        finally
        {
            _shop.Secrets.Break = null;
        }
    }
}
