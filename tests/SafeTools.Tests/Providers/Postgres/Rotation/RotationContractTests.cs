using System.Runtime.Versioning;
using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>What is promised of every rotation, of two login roles that take turns on a real server.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class RotationContractTests(RotationCluster ground) : CredentialContract
{
    private protected override async Task<RotatedCredential> Arrange() => await ground.Shop();
}
