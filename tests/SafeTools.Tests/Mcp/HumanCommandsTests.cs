using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.Tests.Mcp;

/// <summary>What an agent passes on must reach the store that it speaks of, and name no more than that needs.</summary>
public sealed class HumanCommandsTests
{
    private const string Approve = "safetools proposals approve act-000000000000";

    [Fact]
    public void Command_OfAStoreAmongTheUsers_FindsTheActionByItsId()
    {
        var commands = new HumanCommands(Locations.Resolve("/srv/app/safetools.yaml", state: null));
        commands.ForAction(Approve).Should().Be(Approve);
        commands.ForPolicy("safetools accept").Should().Be("safetools accept --config /srv/app/safetools.yaml");
    }

    [Fact]
    public void Command_OfTheUsersOwnConfiguration_NamesNothing() =>
        new HumanCommands(Locations.Resolve(Locations.Standard, state: null)).ForPolicy("safetools accept").Should().Be("safetools accept");

    [Fact]
    public void Command_OfAStoreElsewhere_NamesItAsOneWord()
    {
        var commands = new HumanCommands(new Locations("/srv/it's/safetools.yaml", "/var/lib/safe tools/$(id)"));
        commands.ForAction(Approve).Should().Be(Approve + " --state '/var/lib/safe tools/$(id)'");
        commands.ForPolicy("safetools accept").Should().Be(@"safetools accept --config '/srv/it'\''s/safetools.yaml' --state '/var/lib/safe tools/$(id)'");
    }
}
