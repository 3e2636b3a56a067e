using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Removing;

namespace SafeTools.Corpus;

/// <summary>One way to run the entries: as whom, and which layer is gone.</summary>
/// <param name="Without">Null where the tool is as it always is.</param>
internal sealed record Trial(Credential Credential, Removal? Without)
{
    public static IReadOnlyList<Trial> OfCredentials { get; } = [.. Credential.All.Select(credential => new Trial(credential, null))];

    public static IReadOnlyList<Trial> OfLayers { get; } =
        [.. Removal.All.SelectMany(removal => removal.Credentials.Select(name => new Trial(Credential.All.Single(credential => credential.Name == name), removal)))];

    public string Name => Without is null ? Credential.Name : $"without {Without.Name}, {Credential.Name}";

    public IReadOnlyList<Entry> Of(IReadOnlyList<Entry> entries) => Without is null ? entries : [.. entries.Where(Without.Concerns)];

    public Result Judged(Result result) => Without is null ? result : result with { Faults = RemovalRule.Faults(Without, result.Entry, result.Answer, result.Sightings) };
}
