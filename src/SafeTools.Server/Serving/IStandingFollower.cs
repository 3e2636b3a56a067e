namespace SafeTools.Server.Serving;

/// <summary>Whoever shows clients what holds now: one shelf, or those of all open sessions.</summary>
internal interface IStandingFollower
{
    void Follow(Standing standing);
}
