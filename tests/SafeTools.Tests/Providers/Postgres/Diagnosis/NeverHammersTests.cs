using System.Text.Json.Nodes;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>Attempts as the server's own log counts them.</summary>
[Collection(DiagnosisGround.Name)]
public sealed class NeverHammersTests(DiagnosisGround ground)
{
    private string Tools => Looking.Url(ground.Staging, "tools");

    [Fact]
    public async Task Look_AgainWithinAMinuteOfAFailure_AnswersFromMemoryWithItsAge()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        await looking.Look();
        looking.Clock.Advance(TimeSpan.FromSeconds(20));
        var again = (await looking.Look()).Data;
        Looking.Kinds(again).Should().Equal("wrong-password");
        again["looked"]!["seconds_ago"]!.GetValue<long>().Should().Be(20);
        again["looked"]!["remembered"]!.GetValue<bool>().Should().BeTrue();
        ground.Logins(role).Should().Be(1);

        looking.Clock.Advance(TimeSpan.FromSeconds(41));
        await looking.Look();
        ground.Logins(role).Should().Be(2);
    }

    [Fact]
    public async Task Look_EveryMinuteOfAnHour_TriesFiveTimes()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        for (var minute = 0; minute < 59; minute++)
        {
            Looking.Kinds((await looking.Look()).Data).Should().Equal("wrong-password");
            looking.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        ground.Logins(role).Should().Be(5);
        looking.Clock.Advance(TimeSpan.FromMinutes(2));
        await looking.Look();
        ground.Logins(role).Should().Be(6);
    }

    [Fact]
    public async Task Look_ByAnotherProcessAndAfterARestart_IsCountedTogether()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        await looking.Look();
        looking.Restart();
        Looking.Kinds((await looking.Look()).Data).Should().Equal("wrong-password");
        Looking.Kinds((await looking.Look(provider: looking.NewProvider())).Data).Should().Equal("wrong-password");
        ground.Logins(role).Should().Be(1);
    }

    [Fact]
    public async Task Look_AnotherPasswordWithinTheMinute_IsNotTried()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        await looking.Look();
        looking.Put("application", Looking.Url(ground.Staging, role, "another-one-still"));
        var answer = (await looking.Look()).Data;
        Looking.Kinds(answer).Should().Equal("not-tried");
        answer["verdict"]!.GetValue<string>().Should().Be("unknown");
        ground.Logins(role).Should().Be(1);
    }

    [Fact]
    public async Task Look_ManyAtOnce_ShareOneAttempt()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => looking.Look())));
        answers.Should().AllSatisfy(done => Looking.Kinds(done.Data).Should().Equal("wrong-password"));
        ground.Logins(role).Should().Be(1);
    }

    [Fact]
    public async Task Look_ManyProcessesAtOnce_ShareOneAttempt()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => looking.NewProvider()).ToList().Select(provider => Task.Run(() => looking.Look(provider: provider))));
        answers.Should().AllSatisfy(done => Looking.Kinds(done.Data)[0].Should().BeOneOf("wrong-password", "not-tried"));
        ground.Logins(role).Should().Be(1);
    }

    [Fact]
    public async Task Look_Successes_MayRepeatSooner()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role), Tools);
        for (var turn = 0; turn < 8; turn++)
        {
            (await looking.Kinds()).Should().Equal("works");
            looking.Clock.Advance(TimeSpan.FromSeconds(11));
        }

        ground.Logins(role).Should().Be(8);
    }

    [Fact]
    public async Task Look_BrokenToolsBesideABrokenApplication_AreCountedToo()
    {
        var (role, tools) = (await ground.Role(), await ground.Role());
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Looking.Url(ground.Staging, tools, "another-one"));
        for (var minute = 0; minute < 20; minute++)
        {
            await looking.Look();
            await looking.Look("tools");
            looking.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        ground.Logins(role).Should().Be(5);
        ground.Logins(tools).Should().Be(5);
    }

    [Fact]
    public async Task Look_WithoutACount_TriesNothingAndSaysWhatItCan()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools);
        await looking.Look();
        await File.WriteAllTextAsync(Path.Combine(looking.State, "secrets.json"), "{}");
        looking.Clock.Advance(TimeSpan.FromHours(2));
        var answer = (await looking.Look()).Data;
        Looking.Kinds(answer).Should().Equal("not-tried");
        answer["leads_to"]!["user"]!.GetValue<string>().Should().Be(role);
        answer["endpoints"].Should().BeOfType<JsonArray>().Which.Should().BeEmpty();
        ground.Logins(role).Should().Be(1);
    }
}
