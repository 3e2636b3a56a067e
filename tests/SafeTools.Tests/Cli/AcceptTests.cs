using System.Text.Json.Nodes;
using SafeTools.Server.Cli;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Cli;

/// <summary>What is looked at before a signature is asked for. Here nobody can sign: who gets as far is refused.</summary>
public sealed class AcceptTests : IAsyncLifetime
{
    private ServedGround _ground = null!;

    public async Task InitializeAsync()
    {
        _ground = await ServedGround.Open();
        using var approver = new Support.Signer("alice");
        _ground.Write("safetools.yaml", $"""
            resources:
              box: {"{"} provider: sample, environment: staging, place: here, key: secret://env/BOX_KEY {"}"}
              shed: {"{"} provider: sample, environment: production, place: there {"}"}
            principals:
              local: {"{"} grants: ["read:*@staging", "read:*@production"] {"}"}
            approvers:
            {approver.Yaml}
            """);
        await _ground.Reopen();
    }

    public async Task DisposeAsync() => await _ground.DisposeAsync();

    [Fact]
    public async Task Accept_OfAStatementThatTheSystemWouldNotRun_StopsBeforeTheSignature()
    {
        _ground.Provider.OnAnalyse = request => request.Operation.Name == "sample.statement" ? RefusalCatalog.InvalidStatement.Because("There is no such table.") : null;

        (await Accept()).Should().Be(ExitCode.Usage);
        _ground.Errors.ToString().Should().Contain("tool-specs/ask.yaml: ST1603 There is no such table.").And.Contain("Nothing was signed");
        _ground.Output.ToString().Should().BeEmpty();
    }

    [Theory]
    [InlineData(1503)]
    [InlineData(1507)]
    [InlineData(1508)]
    [InlineData(2001)]
    public async Task Accept_WhereTheSystemCannotBeReached_SaysSoAndGoesOn(int code)
    {
        _ground.Proves(_ground.Unreachable);
        var absent = RefusalCatalog.All.Single(known => known.Id == $"ST{code}");
        _ground.Provider.OnAnalyse = request => request.Operation.Name == "sample.statement" ? absent.Because("Away.") : null;

        (await Accept()).Should().Be(ExitCode.Refused);
        _ground.Output.ToString().Should().Contain("What the live systems prove:\n  box: unknown: Nobody answers. (ST1503) Its tools refuse until it can be looked at.\n  Statements that nobody could analyse now: ask.\n  Why, and what mends it: safetools doctor\n");
    }

    [Fact]
    public async Task Accept_WhatIsProved_IsShownBeforeTheSignature()
    {
        _ground.Proves(() => _ground.Proof(new Finding("table-write", FindingWeight.Refuses, "x", null)));

        (await Accept()).Should().Be(ExitCode.Refused);
        _ground.Output.ToString().Should().Contain("What the live systems prove:\n  box: failed, so its tools refuse, its label: staging; table-write\n  Why, and what mends it: safetools doctor\n");
    }

    [Fact]
    public async Task Accept_InJson_HoldsTheProofs()
    {
        _ground.Proves(() => _ground.Proof());

        (await Accept(json: true)).Should().Be(ExitCode.Refused);
        JsonNode.Parse(_ground.Output.ToString().Split('\n')[0])!["attestations"]!.ToJsonString()
            .Should().Be("""[{"resource":"box","verdict":"proved","environment":"staging","findings":[]}]""");
        _ground.Errors.ToString().Should().Contain("box: proved");
    }

    [Fact]
    public async Task Accept_WithNothingToProve_SaysNothingOfIt()
    {
        (await Accept()).Should().Be(ExitCode.Refused);
        _ground.Output.ToString().Should().NotContain("live");
    }

    private Task<int> Accept(bool json = false)
    {
        var root = Commands.Root();
        return AcceptCommand.Accept(new Verb(_ground.Terminal(json), _ground.Runtime, root.Parse(["accept"])), name: null, CancellationToken.None);
    }
}
