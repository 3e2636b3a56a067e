using System.Runtime.Versioning;
using Npgsql;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>The text of <c>safetools init rotation</c>, run as a person would run it, and its functions, attacked as the rotating role itself.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class RotationScriptTests(RotationCluster ground) : IAsyncLifetime
{
    private static readonly string Verifier = ScramVerifier.Of(new Secret("a new password"));

    private RotatedShop _shop = null!;

    public async Task InitializeAsync() => _shop = await ground.Shop();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public void Of_TwoSlots_IsWhatWasReviewed() => Golden.Matches(
        RotationScript.Of(RotationRequest.Of("shop", "shop_app", ["shop_app_a", "shop_app_b"], "shop_rotator", "shop", out _)!),
        "tests/SafeTools.Tests/Providers/Postgres/Rotation/rotation-script.sql");

    [Fact]
    public async Task Of_RunAgain_ChangesNothing()
    {
        const string State = "select array_agg(s::text) from safetools_rotation.slots s; select count(*) from safetools_rotation.log; select md5(string_agg(a::text, ',' order by oid)) from pg_authid a";
        var before = await _shop.Run(State);
        (await _shop.Run(_shop.Script())).Should().BeEmpty();
        (await _shop.Run(State)).Should().Be(before);
        (await _shop.Slots()).Should().Be("a|0|t\nb|0|f");
    }

    [Fact]
    public async Task Of_RunAfterAForeignChange_TakesThePasswordAsItIs()
    {
        await _shop.Run($"ALTER ROLE {_shop.RoleB} PASSWORD 'set by hand'");
        (await Denied($"select safetools_rotation.set_verifier('{_shop.Service}', 'b', 0, '{Verifier}', now() + interval '1 day')")).Should().Be("ST107");
        await _shop.Run(_shop.Script());
        (await Ask($"select safetools_rotation.set_verifier('{_shop.Service}', 'b', 1, '{Verifier}', now() + interval '1 day')")).Should().Be(2L);
    }

    [Theory]
    [InlineData("CREATE SCHEMA safetools_rotation", "did not make")]
    [InlineData("CREATE SCHEMA safetools_rotation; COMMENT ON SCHEMA safetools_rotation IS 'safetools: rotation'; CREATE ROLE {r}own; ALTER SCHEMA safetools_rotation OWNER TO {r}own", "did not make")]
    [InlineData("ALTER ROLE {a} SUPERUSER", "more than an application")]
    [InlineData("ALTER ROLE {a} CREATEROLE", "more than an application")]
    [InlineData("CREATE ROLE {r} REPLICATION", "more than an application")]
    [InlineData("CREATE ROLE {r}; GRANT {a} TO {r}", "member of another role")]
    [InlineData("CREATE ROLE {r}; CREATE TABLE shop.own (a int); ALTER TABLE shop.own OWNER TO {r}", "owns something")]
    [InlineData("CREATE ROLE {b} LOGIN PASSWORD 'used'", "can log in")]
    [InlineData("ALTER ROLE {owner} RENAME TO {owner}x", "There is no role")]
    public async Task Of_SomethingThatIsNotAsMeant_ChangesNothing(string before, string why)
    {
        var (a, b, r, owner) = ($"{_shop.RoleA}x", $"{_shop.RoleB}x", $"{_shop.Rotator}x", $"{_shop.Owner}x");
        await _shop.Run($"DROP SCHEMA safetools_rotation CASCADE; CREATE ROLE {a} LOGIN PASSWORD 'pw'; CREATE ROLE {owner}");
        await _shop.Run(before.Replace("{a}", a, StringComparison.Ordinal).Replace("{b}", b, StringComparison.Ordinal).Replace("{r}", r, StringComparison.Ordinal).Replace("{owner}", owner, StringComparison.Ordinal));
        var script = RotationScript.Of(RotationRequest.Of("other", owner, [a, b], r, null, out _)!);
        (await _shop.Invoking(shop => shop.Run(script)).Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain(why);
        (await _shop.Run("select count(*) from pg_class where relname = 'slots' and relnamespace = (select oid from pg_namespace where nspname = 'safetools_rotation')")).Should().Be("0");
    }

    [Fact]
    public async Task Of_AnotherServicesRole_ChangesNothing()
    {
        var script = RotationScript.Of(RotationRequest.Of("other", _shop.Owner, [_shop.RoleA], _shop.Rotator, null, out _)!);
        (await _shop.Invoking(shop => shop.Run(script)).Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain("already");
    }

    [Theory]
    [InlineData("set_verifier({s}, 'b', 0, 'hunter2plain', {until})", "ST102")]
    [InlineData("set_verifier({s}, 'b', 0, 'md53175bce1d3201d16594cebf9d7eb3f9d', {until})", "ST102")]
    [InlineData("set_verifier({s}, 'b', 0, {v} || E'\\n', {until})", "ST102")]
    [InlineData("set_verifier({s}, 'b', 0, {v} || ''' SUPERUSER', {until})", "ST102")]
    [InlineData("set_verifier({s}, 'b', 0, null, {until})", "ST102")]
    [InlineData("set_verifier({s}, 'b', 0, {v}, now())", "ST103")]
    [InlineData("set_verifier({s}, 'b', 0, {v}, null)", "ST103")]
    [InlineData("set_verifier({s}, 'b', 0, {v}, now() + interval '92 days')", "ST103")]
    [InlineData("set_verifier({s}, 'b', 0, {v}, 'infinity')", "ST103")]
    [InlineData("set_verifier({s}, 'b', 1, {v}, {until})", "ST104")]
    [InlineData("set_verifier({s}, 'b', null, {v}, {until})", "ST104")]
    [InlineData("set_verifier({s}, 'a', 0, {v}, {until})", "ST108")]
    [InlineData("set_verifier({s}, 'c', 0, {v}, {until})", "ST101")]
    [InlineData("set_verifier(null, 'b', 0, {v}, {until})", "ST101")]
    [InlineData("set_verifier('postgres', 'b', 0, {v}, {until})", "ST101")]
    [InlineData("retire({s}, 'a', 0)", "ST110")]
    [InlineData("retire({s}, 'a', 1)", "ST104")]
    [InlineData("retire('postgres', 'a', 0)", "ST101")]
    public async Task Function_CalledWithWhatItDoesNotTake_RefusesAndChangesNothing(string call, string code)
    {
        (await Denied("select safetools_rotation." + Filled(call))).Should().Be(code);
        (await _shop.Slots()).Should().Be("a|0|t\nb|0|f");
        (await _shop.Works(_shop.Sink)).Should().BeTrue();
    }

    [Theory]
    [InlineData("ALTER ROLE {a} SUPERUSER", "ST105", "retire({s}, 'a', 0)")]
    [InlineData("ALTER ROLE {b} CREATEROLE", "ST105", "set_verifier({s}, 'b', 0, {v}, {until})")]
    [InlineData("DROP ROLE {b}", "ST105", "set_verifier({s}, 'b', 0, {v}, {until})")]
    [InlineData("REVOKE {owner} FROM {b}", "ST106", "set_verifier({s}, 'b', 0, {v}, {until})")]
    [InlineData("ALTER ROLE {b} PASSWORD 'x'", "ST107", "set_verifier({s}, 'b', 0, {v}, {until})")]
    [InlineData("ALTER ROLE {b} PASSWORD 'x'", "ST107", "retire({s}, 'b', 0)")]
    public async Task Function_OnARoleThatChanged_Refuses(string change, string code, string call)
    {
        await _shop.Run(Filled(change));
        (await Denied("select safetools_rotation." + Filled(call))).Should().Be(code);
    }

    /// <summary>What is fixed about the functions holds against whatever the caller sets.</summary>
    [Fact]
    public async Task Function_WithASearchPathOfTheCallers_GoesByItsOwn()
    {
        await _shop.Run($"CREATE SCHEMA evil; CREATE FUNCTION evil.format(text, VARIADIC \"any\") RETURNS text LANGUAGE internal AS 'text_format'; CREATE TABLE evil.pg_authid (oid oid); GRANT USAGE ON SCHEMA evil TO {_shop.Rotator}; GRANT SELECT ON evil.pg_authid TO {_shop.Rotator};");
        (await Ask($"set search_path = evil, pg_catalog; select count(*) from safetools_rotation.state('{_shop.Service}')", several: true)).Should().Be(2L);
    }

    [Fact]
    public async Task State_OfAnotherRotatorsService_ShowsNothing()
    {
        await using var other = await ground.Shop();
        await using var connection = await _shop.Cluster.Open(_shop.Rotator, RotatedShop.RotatorPassword, _shop.Database);
        await using var command = new NpgsqlCommand($"select count(*) from safetools_rotation.state('{other.Service}')", connection);
        (await command.ExecuteScalarAsync()).Should().Be(0L);
    }

    /// <summary>Two services in one database: each rotating role has its own alone.</summary>
    [Fact]
    public async Task Function_OfAServiceOfAnotherRotator_RefusesEverything()
    {
        await _shop.Run(RotationScript.Of(RotationRequest.Of("second", _shop.Owner, [$"{_shop.RoleA}2", $"{_shop.RoleB}2"], $"{_shop.Rotator}2", null, out _)!));
        (await Ask("select count(*) from safetools_rotation.state('second')")).Should().Be(0L);
        (await Denied(Filled("select safetools_rotation.set_verifier('second', 'b', 0, {v}, {until})"))).Should().Be("ST101");
        (await Denied("select safetools_rotation.retire('second', 'b', 0)")).Should().Be("ST101");
        (await Ask("select safetools_rotation.end_sessions('second', 'b')")).Should().Be(0L);
    }

    [Theory]
    [InlineData("ALTER ROLE {a} PASSWORD 'x'")]
    [InlineData("ALTER ROLE {r} SUPERUSER")]
    [InlineData("CREATE ROLE more")]
    [InlineData("SELECT * FROM safetools_rotation.slots")]
    [InlineData("SELECT * FROM safetools_rotation.log")]
    [InlineData("UPDATE safetools_rotation.slots SET role = 'postgres'")]
    [InlineData("SELECT * FROM pg_authid")]
    [InlineData("SELECT * FROM shop.orders")]
    [InlineData("CREATE TABLE safetools_rotation.t (a int)")]
    [InlineData("CREATE TEMP TABLE t (a int)")]
    [InlineData("SET ROLE {a}")]
    public async Task RotatingRole_DoingAnythingElse_IsDenied(string sql) => (await Denied(Filled(sql))).Should().Be("42501");

    [Fact]
    public async Task SetVerifier_SlotWithSessions_Refuses()
    {
        await _shop.Rotate();
        await using var session = await _shop.Open(_shop.Sink);
        await _shop.Run($"ALTER ROLE {_shop.RoleB} NOLOGIN");
        (await Denied(Filled("select safetools_rotation.set_verifier({s}, 'b', 1, {v}, {until})"))).Should().Be("ST109");
    }

    [Fact]
    public async Task SetVerifier_TwiceAtOnceWithTheSameVersion_OneWins()
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return await Ask(Filled("select safetools_rotation.set_verifier({s}, 'b', 0, {v}, {until})")) is 1L ? "won" : "odd";
            }
            catch (PostgresException fault)
            {
                return fault.SqlState;
            }
        }));
        calls.Count(call => call == "won").Should().Be(1);
        calls.Where(call => call != "won").Should().OnlyContain(code => code == "ST104");
    }

    [Theory]
    [InlineData("", "o", "r", "--service")]
    [InlineData("a b", "o", "r", "--service")]
    [InlineData("s", "pg_monitor", "r", "--owner-role")]
    [InlineData("s", "o", "safetools_others", "--owner-role")]
    [InlineData("s", "o", "a", "--owner-role")]
    [InlineData("s", "o\n", "r", "--owner-role")]
    public void Of_OddInput_IsNoRequest(string service, string owner, string rotator, string option)
    {
        RotationRequest.Of(service, owner, ["a", "b"], rotator, null, out var fault).Should().BeNull();
        fault.Should().StartWith(option);
        RotationRequest.Of("s", "o", ["a", "b", "c"], "r", null, out fault).Should().BeNull();
        fault.Should().StartWith("--slot");
    }

    private string Filled(string sql) => sql
        .Replace("{s}", $"'{_shop.Service}'", StringComparison.Ordinal).Replace("{v}", $"'{Verifier}'", StringComparison.Ordinal).Replace("{until}", "now() + interval '1 day'", StringComparison.Ordinal)
        .Replace("{a}", _shop.RoleA, StringComparison.Ordinal).Replace("{b}", _shop.RoleB, StringComparison.Ordinal).Replace("{r}", _shop.Rotator, StringComparison.Ordinal).Replace("{owner}", _shop.Owner, StringComparison.Ordinal);

    private async Task<object?> Ask(string sql, bool several = false)
    {
        await using var connection = await _shop.Cluster.Open(_shop.Rotator, RotatedShop.RotatorPassword, _shop.Database);
        object? answer = null;
        foreach (var one in several ? sql.Split(';') : [sql])
        {
            await using var command = new NpgsqlCommand(one, connection);
            answer = await command.ExecuteScalarAsync();
        }

        return answer;
    }

    private async Task<string> Denied(string sql) => (await FluentActions.Invoking(() => Ask(sql)).Should().ThrowAsync<PostgresException>()).Which.SqlState;
}
