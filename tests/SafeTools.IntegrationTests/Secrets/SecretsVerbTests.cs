using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Secrets;

namespace SafeTools.IntegrationTests.Secrets;

/// <summary><c>safetools secrets</c> as a person and as a script meet it.</summary>
public sealed class SecretsVerbTests : IDisposable
{
    private const string Value = "canary of the store 5T";

    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Set_FromAPipe_KeepsItWithoutItsLastLineBreakAndListShowsAllButTheValue()
    {
        _workspace.Edit("resources:\n", "resources:\n  shop:\n    provider: postgres\n    environment: staging\n    connection: secret://store/db\n    application: secret://envfile/srv/app/.env#DATABASE_URL\n    rotator: secret://store/never-set\n    service: shop\n");

        var set = await _workspace.RunWith($"{Value}\n", "secrets", "set", "db");
        set.ExitCode.Should().Be(0, set.All);
        set.Output.Should().Contain("version 1").And.Contain("used by shop (connection)");
        (await _workspace.RunWith(Value, "secrets", "set", "other")).ExitCode.Should().Be(0);

        Read("db").Should().Be(Value);
        var list = await _workspace.Run("secrets", "list");
        list.ExitCode.Should().Be(0, list.All);
        list.Output.Should().MatchRegex(@"db  set 2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ  version 1  fingerprint [0-9a-f]{16}  used by shop \(connection\)\n").And.Contain("used by no resource")
            .And.Contain("never-set  not set  used by shop (rotator). Set it with: safetools secrets set never-set");
        var rows = (await _workspace.Run("secrets", "list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        rows.Select(row => row["name"]!.GetValue<string>()).Should().Equal("db", "never-set", "other");
        rows[0]["fingerprint"]!.GetValue<string>().Should().Be(rows[2]["fingerprint"]!.GetValue<string>(), "the values are the same");
        rows[1]["version"].Should().BeNull();
        (set.All + list.All + string.Concat(rows.Select(row => row.ToJsonString()))).Should().NotContain(Value);
    }

    [Fact]
    public async Task Set_AtATerminal_ShowsNoneOfIt()
    {
        var ended = await Typist.Run(_workspace, ["secrets", "set", "db"], ("The value of db:", Value));

        ended.ExitCode.Should().Be(0, ended.All);
        ended.Output.Should().NotContain(Value).And.Contain("fingerprint");
        Read("db").Should().Be(Value);
    }

    [Theory]
    [InlineData("", "db")]
    [InlineData("\n", "db")]
    [InlineData("value", "a/b")]
    [InlineData("value", ".hidden")]
    public async Task Set_WhatCannotBeKept_KeepsNothing(string value, string name)
    {
        var ended = await _workspace.RunWith(value, "secrets", "set", name);

        ended.ExitCode.Should().Be(2, ended.All);
        File.Exists(Path.Combine(_workspace.State, SecretStore.FileName)).Should().BeFalse();
    }

    [Fact]
    public async Task Set_ValueAsAnArgument_IsNoSuchUsage()
    {
        var ended = await _workspace.Run("secrets", "set", "db", Value);

        ended.ExitCode.Should().Be(2, ended.All);
        File.Exists(Path.Combine(_workspace.State, SecretStore.FileName)).Should().BeFalse();
    }

    [Fact]
    public async Task Remove_OneThatAResourceUses_AsksForItsNameAtATerminalAlone()
    {
        _workspace.Edit("resources:\n", "resources:\n  shop:\n    provider: postgres\n    environment: staging\n    connection: secret://store/db\n");
        foreach (var name in new[] { "db", "free" })
        {
            (await _workspace.RunWith(Value, "secrets", "set", name)).ExitCode.Should().Be(0);
        }

        (await _workspace.Run("secrets", "remove", "free")).ExitCode.Should().Be(0);
        (await _workspace.Run("secrets", "remove", "free")).ExitCode.Should().Be(1);
        var refused = await _workspace.RunWith("db\n", "secrets", "remove", "db");
        refused.ExitCode.Should().Be(3, refused.All);
        refused.Error.Should().Contain("shop (connection)").And.Contain("Nothing was removed");
        (await Typist.Run(_workspace, ["secrets", "remove", "db"], ("Type db", "bd"))).ExitCode.Should().Be(3);
        Read("db").Should().Be(Value);

        (await Typist.Run(_workspace, ["secrets", "remove", "db"], ("Type db", "db"))).ExitCode.Should().Be(0);
        Read("db").Should().BeNull();
    }

    [Fact]
    public async Task Store_ThatIsDamaged_SaysWhereItIsToThePerson()
    {
        (await _workspace.RunWith(Value, "secrets", "set", "db")).ExitCode.Should().Be(0);
        await File.WriteAllTextAsync(Path.Combine(_workspace.State, SecretStore.FileName), "{");

        foreach (var arguments in new string[][] { ["list"], ["rotate-key"], ["remove", "db"] })
        {
            var ended = await _workspace.Run(["secrets", .. arguments]);
            ended.ExitCode.Should().Be(3, ended.All);
            ended.Error.Should().StartWith("ST1511").And.Contain(Path.Combine(_workspace.State, SecretStore.KeyName));
        }
    }

    private string? Read(string name) => (new PlacedSecrets(_workspace.State).Read(new SecretReference(SecretPlace.Store, name)) as SecretRead.Found)?.Secret.Reveal();
}
