namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>What a certificate must be where sslmode demands it; nothing is sent to a server whose certificate does not meet it.</summary>
[Collection(DiagnosisGround.Name)]
public sealed class TlsTests(DiagnosisGround ground)
{
    private static readonly DateTimeOffset Past = TimeProvider.System.GetUtcNow().AddDays(-3);

    [Fact]
    public async Task Look_CertificateOfNobodyTrusted_IsTold() => (await Kinds("sslmode=verify-full")).Should().Equal("certificate-untrusted");

    [Fact]
    public async Task Look_CertificateOfTheNamedRoot_Works() => (await Kinds("sslmode=verify-full", Root())).Should().Equal("works");

    [Fact]
    public async Task Look_ServerWithoutTls_IsTold()
    {
        await using var looking = new Looking(Looking.Url(ground.Production, "tools", parameters: "sslmode=require"));
        (await looking.Kinds()).Should().Equal("tls-not-offered");
    }

    [Fact]
    public async Task Look_CertificateOfAnotherName_IsTold()
    {
        await ground.Staging.Certify(name: "other.example");
        try
        {
            (await Kinds("sslmode=verify-full", Root())).Should().Equal("certificate-of-another-name");
        }
        finally
        {
            await ground.Staging.Certify();
        }
    }

    [Fact]
    public async Task Look_ExpiredCertificate_StopsWhereItIsVerified_AndWarnsElsewhere()
    {
        await ground.Staging.Certify(until: Past);
        try
        {
            (await Kinds("sslmode=verify-full", Root())).Should().Equal("certificate-expired");
            (await Kinds("sslmode=require")).Should().Equal("certificate-expired", "works");
        }
        finally
        {
            await ground.Staging.Certify();
        }
    }

    private async Task<IReadOnlyList<string>> Kinds(string parameters, string? root = null)
    {
        var role = await ground.Role();
        await using var looking = new Looking(null, "none");
        var file = root is null ? null : looking.Put("root.crt", root)["secret://file".Length..];
        looking.Put("tools", Looking.Url(ground.Staging, role, parameters: file is null ? parameters : $"{parameters}&sslrootcert={Uri.EscapeDataString(file)}"));
        var kinds = await looking.Kinds();
        if (!kinds.Contains("works"))
            ground.Logins(role).Should().Be(0, "no password goes to a server whose certificate is not what was demanded");
        return kinds;
    }

    private string Root() => ground.Staging.Certificate!.ExportCertificatePem();
}
