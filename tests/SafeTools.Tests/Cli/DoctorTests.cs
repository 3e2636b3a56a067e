using System.Text.Json.Nodes;
using SafeTools.Server.Cli;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Cli;

/// <summary>What <c>safetools doctor</c> says, and its exit codes.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private ServedGround _ground = null!;

    public async Task InitializeAsync() => _ground = await ServedGround.Open();

    public async Task DisposeAsync() => await _ground.DisposeAsync();

    [Fact]
    public async Task Examine_WhereAllIsProved_SaysSoAndWhatToPin()
    {
        _ground.Proves(() => _ground.Proof());

        (await Examine()).Should().Be(ExitCode.Done);
        _ground.Output.ToString().Should().Be(
            """
            box (sample): proved
              environment          staging: its label: staging
              serial number        S:"1"
              user                 agent
              To pin what was seen, in safetools.yaml:
                identity: { serial_number: "S:\"1\"" }

            shed (sample): it has no credential to prove.


            """);
    }

    [Fact]
    public async Task Examine_WhatSpeaksAgainstACredential_NamesItsMendingStatements()
    {
        _ground.Proves(() => _ground.Proof(
            new Finding("table-write", FindingWeight.Refuses, "INSERT on shop.a", "REVOKE INSERT ON TABLE shop.a FROM agent;"),
            new Finding("table-write", FindingWeight.Refuses, "INSERT on shop.\u202eb", "REVOKE INSERT ON TABLE shop.b FROM agent;"),
            new Finding("temp", FindingWeight.Tolerated, "database shop", "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;"),
            new Finding("no-tls", FindingWeight.Advises, "the connection", null)));

        (await Examine("box")).Should().Be(ExitCode.Found);
        _ground.Output.ToString().Should().StartWith("box (sample): failed, so its tools refuse\n").And.NotContain("shed").And.EndWith(
            """
              Refuses: table-write (2)
                -- INSERT on shop.a
                REVOKE INSERT ON TABLE shop.a FROM agent;
                -- INSERT on shop.\u{202e}b
                REVOKE INSERT ON TABLE shop.b FROM agent;
              Tolerated: temp (1)
                -- database shop
                REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC;
              Advises: no-tls (1)
                -- the connection: no statement mends it


            """);
    }

    [Fact]
    public async Task Examine_OfAnUnreachableSystem_SaysWhyAndIsFound()
    {
        _ground.Proves(_ground.Unreachable);

        (await Examine()).Should().Be(ExitCode.Found);
        _ground.Output.ToString().Should().StartWith("box (sample): unknown, so its tools refuse\n  ST1503 Nobody answers.\n");
    }

    [Fact]
    public async Task Examine_OfAnUnreachableSystem_SaysWhatWasTriedAndPinsNothingOfIt()
    {
        _ground.Proves(() => _ground.Unreachable() with { Facts = [new Fact("tried host", new FactValue.Text("db.example"), FactSource.Configuration)] });

        await Examine();
        _ground.Output.ToString().Should().Contain("  tried host           db.example\n").And.NotContain("To pin");
    }

    [Fact]
    public async Task Examine_WhereThereIsAdvice_EndsInIt()
    {
        _ground.Proves(() => _ground.Proof(new Finding("temp", FindingWeight.Refuses, "database shop", "REVOKE …;")) with { Advice = ["At once:", "  init"] });

        await Examine("box");
        _ground.Output.ToString().TrimEnd().Should().EndWith("REVOKE …;\n  At once:\n    init");
    }

    [Theory]
    [InlineData("production")]
    [InlineData(null)]
    public async Task Examine_OfAClaimThatIsNotConfirmed_IsFound(string? evidence)
    {
        _ground.Proves(() => _ground.Proof() with { Environment = new EnvironmentEvidence(evidence is null ? [] : [evidence], "its label") });

        (await Examine()).Should().Be(ExitCode.Found);
        _ground.Output.ToString().Should().Contain("  environment          production: ");
    }

    [Fact]
    public async Task Examine_AdviceAlone_IsNotFound()
    {
        _ground.Proves(() => _ground.Proof(new Finding("no-tls", FindingWeight.Advises, "the connection", null)));

        (await Examine()).Should().Be(ExitCode.Done);
    }

    [Fact]
    public async Task Examine_InJson_SaysTheSameOneLineEach()
    {
        _ground.Proves(() => _ground.Proof(new Finding("temp", FindingWeight.Refuses, "database shop", "REVOKE …;")));

        (await Examine(json: true)).Should().Be(ExitCode.Found);
        var lines = _ground.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        lines.Select(line => (string?)line["resource"]).Should().Equal("box", "shed");
        lines[0]["verdict"]!.GetValue<string>().Should().Be("failed");
        lines[0]["identity"]!.ToJsonString().Should().Be("""{"serial_number":"S:\u00221\u0022"}""");
        lines[0]["environment"]!["counts_as"]!.GetValue<string>().Should().Be("staging");
        lines[0]["findings"]![0]!["mend"]!.GetValue<string>().Should().Be("REVOKE …;");
        lines[1]["verdict"].Should().BeNull();
    }

    [Fact]
    public async Task Examine_OfAnUnknownResource_IsUsage()
    {
        (await Examine("bx")).Should().Be(ExitCode.Usage);
        _ground.Errors.ToString().Should().Be("There is no resource 'bx'. The files have: box, shed.\n");
    }

    private Task<int> Examine(string? only = null, bool json = false) =>
        DoctorCommand.Examine(_ground.Terminal(json), _ground.Policy, _ground.Runtime.Providers, _ground.Clock, only, CancellationToken.None);
}
