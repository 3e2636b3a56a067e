using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>A credential that leads to another server, database or environment than the policy claims: said first, and nothing is offered that would use it.</summary>
[Collection(DiagnosisGround.Name)]
public sealed class ElsewhereTests(DiagnosisGround ground)
{
    private string Tools => Looking.Url(ground.Staging, "tools");

    [Fact]
    public async Task Look_StagingNameThatLeadsToProduction_SaysSoFirstAndLoudly()
    {
        var role = await ground.Role("superuser login", ground.Production, "lost_app");
        await using var looking = new Looking(Looking.Url(ground.Production, role), Tools, rotator: "none");
        var done = await looking.Look();
        Looking.Kinds(done.Data).Should().Equal("other-environment", "superuser", "differs-from-tools", "works");
        done.Data["verdict"]!.GetValue<string>().Should().Be("danger");
        done.Data["findings"]![0]!["says"]!.GetValue<string>().Should().StartWith("DANGER: this credential leads to production, not to staging.");
        done.NextOperation.Should().BeNull();
    }

    [Fact]
    public async Task Look_DangerThatRotatingSeemsToMend_OffersNoRotation()
    {
        var soon = TimeProvider.System.GetUtcNow().AddDays(2).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var role = await ground.Role($"login valid until '{soon}'", ground.Production, "lost_soon");
        await using var looking = new Looking(Looking.Url(ground.Production, role), Tools, rotator: "none");
        var done = await looking.Look();
        Looking.Kinds(done.Data).Should().Contain(["other-environment", "expires-soon"]);
        done.NextOperation.Should().BeNull();
    }

    [Fact]
    public async Task Look_ToolsOfAStagingResourceOnProduction_AreDangerous()
    {
        await using var looking = new Looking(null, Looking.Url(ground.Production, "tools"));
        (await looking.Kinds())[0].Should().Be("other-environment");
    }

    [Fact]
    public async Task Look_OwnNameThatMeansStaging_IsNoDanger()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role()), Tools, claim: "qa");
        looking.Resource = looking.Resource with { OwnEnvironments = new Dictionary<string, string> { ["qa"] = "staging" } };
        (await looking.Kinds()).Should().Equal("works");
    }

    [Fact]
    public async Task Look_OwnNameThatNobodyMapped_CountsAsProduction()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role()), Tools, claim: "qa");
        (await looking.Kinds()).Should().Equal("other-environment", "works");
    }

    [Fact]
    public async Task Look_DatabaseThatNothingMarks_CountsAsProduction()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), database: "postgres"), Tools);
        (await looking.Kinds()).Should().Equal("environment-not-confirmed", "differs-from-tools", "works");
    }

    [Fact]
    public async Task Look_AnotherServerThanPinned_IsDangerous()
    {
        await ground.Production.Run("create database unmarked");
        try
        {
            var role = await ground.Role(at: ground.Production, name: "lost_pin");
            await using var looking = new Looking(
                Looking.Url(ground.Production, role, database: "unmarked"), Tools, identity: new Dictionary<string, string> { ["system_identifier"] = await ground.Staging.SystemIdentifier(), ["database"] = "shop" });
            (await looking.Kinds()).Should().Equal("other-server", "environment-not-confirmed", "differs-from-tools", "works");
        }
        finally
        {
            await ground.Production.Run("drop database unmarked");
        }
    }

    [Fact]
    public async Task Look_DatabaseOfAResourceWithAnotherClaim_IsDangerous()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role()), Tools);
        var live = looking.Resource with { Name = "live", Environment = "production" };
        await ((IProvider)looking.Provider).Attest(live, CancellationToken.None);
        var answer = (await looking.Look()).Data;
        Looking.Kinds(answer).Should().Equal("other-claim", "works");
        Looking.Finding(answer, "other-claim")["says"]!.GetValue<string>().Should().StartWith("DANGER").And.Contain("'live'");
    }

    [Fact]
    public async Task Look_AnotherKeyThanPinned_SendsNoPassword()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, parameters: "sslmode=require"), Tools, identity: new Dictionary<string, string> { ["tls_key"] = "sha256:AAAA" });
        (await looking.Kinds()).Should().Equal("pinned-key-differs");
        ground.Logins(role).Should().Be(0);
    }

    [Fact]
    public async Task Look_PinnedKeyAndNoTls_SendsNoPassword()
    {
        await using var looking = new Looking(Looking.Url(ground.Production, "tools"), Tools, identity: new Dictionary<string, string> { ["tls_key"] = ServerCertificate.KeyOf(ground.Staging.Certificate!) });
        (await looking.Kinds()).Should().Equal("pinned-key-differs");
    }
}
