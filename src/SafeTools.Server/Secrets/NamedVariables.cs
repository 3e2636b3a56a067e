using SafeTools.Server.Serving;

namespace SafeTools.Server.Secrets;

/// <summary>The variables that policies refer to: what a serving process keeps of the environment it was started with.</summary>
internal static class NamedVariables
{
    /// <summary>Of the policy that is served, and of the one that waits in the files: accepted later, it must find its variables.</summary>
    public static IEnumerable<string> Of(Runtime runtime, Policy served) =>
        new[] { served, runtime.Files }.OfType<Policy>().SelectMany(policy => SecretUse.Of(policy, runtime.Providers.All))
            .Where(use => use.Reference.Place == SecretPlace.Environment).Select(use => use.Reference.Name).Distinct(StringComparer.Ordinal);
}
