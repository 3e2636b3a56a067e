namespace SafeTools.Server.Cli;

/// <summary>What came of trying an example.</summary>
/// <param name="Came"><c>executed</c>, <c>proposed</c> or a refusal's code, as an example expects it.</param>
/// <param name="Why">The refusal, where it is one.</param>
internal sealed record ExampleResult(string Came, Refusal? Why)
{
    /// <summary>Nobody got as far as the example: the system does not answer, or what its credential is kept in is not there.</summary>
    public bool IsUntried => Why is not null && (Why.Code == RefusalCatalog.ResourceUnavailable || Why.Code == RefusalCatalog.SecretMissing);

    public static ExampleResult Of(Refusal why) => new(why.Code.Id, why);
}
