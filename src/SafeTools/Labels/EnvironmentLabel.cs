namespace SafeTools;

/// <summary>Where an item lives, least strict first. Whatever is unknown, unconfirmed or shared counts as <see cref="Production"/>.</summary>
public enum EnvironmentLabel
{
    Local,
    Staging,
    Production,
}
