using System.Runtime.CompilerServices;
using SafeTools.Providers;
using SafeTools.Server.Secrets;

namespace SafeTools.Tests.Providers.LocalVolume;

/// <summary>The specs that ship load with the real loader, and their examples of what is refused are refused by the real binder.</summary>
public sealed class ToolSpecTests
{
    private const string Configuration = """
        tools: ./tool-specs
        resources:
          data: { provider: localvolume, environment: production, root: /srv/volumes, backups: /mnt/backups }
        principals:
          local: { grants: ["read:*@production"] }
        """;

    private static readonly Policy Loaded = Load();

    public static TheoryData<string> Tools => [.. Loaded.Tools.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Load_ShippedSpecs_AreAllThere() => Loaded.Tools.Keys.Should().BeEquivalentTo(
        "list_volumes", "describe_volume", "snapshot_volume", "restore_volume", "delete_volume", "delete_staging_volume", "purge_volume");

    [Theory]
    [MemberData(nameof(Tools))]
    public void Examples_Bound_AreRefusedOrNotAsTheySay(string tool)
    {
        foreach (var example in Loaded.Tools[tool].Examples)
        {
            var refused = ArgumentBinder.Bind(Loaded.Tools[tool], example.Arguments, out _, out _);
            (refused?.Code.Id ?? "executed").Should().Be(example.Expected);
        }
    }

    private static Policy Load([CallerFilePath] string here = "")
    {
        var folder = Path.GetFullPath(Path.Combine(here, "../../../../../tool-specs/localvolume"));
        var specs = Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(file => $"tool-specs/localvolume/{Path.GetFileName(file)}", File.ReadAllText);
        var policy = new PolicyLoader(ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets())).Load(new PolicySource("/srv/safetools", Configuration, specs), out var problems);
        problems.Should().BeEmpty();
        return policy!;
    }
}
