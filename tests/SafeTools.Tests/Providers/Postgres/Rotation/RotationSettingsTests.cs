using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

public sealed class RotationSettingsTests
{
    private static readonly Dictionary<string, string> Good = new()
    {
        ["application"] = "secret://envfile/srv/shop/.env#DATABASE_URL",
        ["rotator"] = "secret://store/rotator",
        ["service"] = "shop",
    };

    [Fact]
    public void Of_NothingButWhatMustBeThere_HasTheStandards()
    {
        RotationSettings.Faults(Resource(Good)).Should().BeEmpty();
        var settings = RotationSettings.Of(Resource(Good))!;
        (settings.TwoSlots, settings.Grace, settings.ValidFor).Should().Be((true, TimeSpan.FromHours(24), TimeSpan.FromDays(90)));
    }

    [Fact]
    public void Of_WithoutARotator_IsNone()
    {
        RotationSettings.Of(Resource([])).Should().BeNull();
        RotationSettings.Faults(Resource([])).Should().BeEmpty();
        RotationSettings.Faults(Resource(new() { ["application"] = "secret://env/DATABASE_URL" })).Should().BeEmpty("it can be diagnosed");
    }

    [Theory]
    [InlineData("rotator", "", "must be there")]
    [InlineData("service", "", "must be there")]
    [InlineData("application", "", "must be there")]
    [InlineData("application", "secret://env/DATABASE_URL", "nobody can write")]
    [InlineData("rotator", "secret://envfile/srv/shop/.env#DATABASE_URL", "same secret")]
    [InlineData("service", "a b", "'service'")]
    [InlineData("slots", "three", "'slots'")]
    [InlineData("grace", "59s", "'grace'")]
    [InlineData("grace", "31d", "'grace'")]
    [InlineData("grace", "soon", "'grace'")]
    [InlineData("grace", "-1h", "'grace'")]
    [InlineData("valid_for", "24h", "'valid_for'")]
    [InlineData("valid_for", "91d", "'valid_for'")]
    [InlineData("valid_for", "∞", "'valid_for'")]
    public void Faults_OddSetting_IsSaid(string name, string value, string said)
    {
        var settings = new Dictionary<string, string>(Good);
        if (value.Length == 0)
            settings.Remove(name);
        else
            settings[name] = value;
        RotationSettings.Faults(Resource(settings)).Should().ContainSingle().Which.Should().Contain(said);
    }

    [Theory]
    [InlineData("slots", "single")]
    [InlineData("grace", "1h")]
    [InlineData("valid_for", "10d")]
    public void Faults_WordsWithoutARotator_AreSaid(string name, string value) => RotationSettings.Faults(Resource(new() { [name] = value })).Should().ContainSingle();

    private static Resource Resource(Dictionary<string, string> settings) => new("db", "postgres", "staging", new SettingValues(settings));
}
