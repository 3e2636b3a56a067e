using System.Text.Json.Nodes;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus;

/// <summary>A fresh ground, the tool at work on it, and everybody who watches.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Asked before everything and after every entry. Time zone, number format and data would show in it.</summary>
    private static readonly Entry Ordinary = new(
        "next", "benign", "select count(*) as orders, sum(total) as total, min(placed) as first, 0.1::float8 as tenth from shop.orders", "none");

    private readonly ITool _tool;
    private readonly Watchtower _tower;
    private readonly Answer _ordinary;

    private Stage(ITool tool, Watchtower tower, Answer ordinary) => (_tool, _tower, _ordinary) = (tool, tower, ordinary);

    /// <summary>Null where the tool answers; else what it says instead to an ordinary read.</summary>
    public Answer? Unusable => _ordinary.Outcome == Answer.Executed ? null : _ordinary;

    /// <param name="start">Starts the tool against the ground as it is then.</param>
    public static async Task<Stage> Set(Ground ground, Credential credential, IReadOnlyList<Entry> entries, Func<CancellationToken, Task<ITool>> start, CancellationToken cancellationToken)
    {
        await ground.Renew(credential, cancellationToken);
        var tool = await start(cancellationToken);
        try
        {
            var ordinary = await tool.Ask(Ordinary.Sql, cancellationToken);
            return new Stage(tool, await Watchtower.Raise(ground, credential, entries, tool.ProcessId, cancellationToken), ordinary);
        }
        catch
        {
            await tool.DisposeAsync();
            throw;
        }
    }

    public async Task<Result> Try(Entry entry, CancellationToken cancellationToken)
    {
        var answer = await _tool.Ask(entry.Sql, cancellationToken);
        var next = await _tool.Ask(Ordinary.Sql, cancellationToken);
        List<Sighting> sightings = [.. AnswerWatch.Of(entry, answer)];
        if (next.Outcome != _ordinary.Outcome || Rows(next) != Rows(_ordinary))
        {
            sightings.Add(new Sighting(Sense.NextCall, next.Text));
        }

        sightings.AddRange(await _tower.Look(cancellationToken));
        return new Result(entry, answer, sightings);
    }

    public async ValueTask DisposeAsync()
    {
        await _tower.DisposeAsync();
        await _tool.DisposeAsync();
    }

    /// <summary>Without what may differ from call to call.</summary>
    private static string? Rows(Answer answer) => JsonNode.Parse(answer.Text)?["data"]?["rows"]?.ToJsonString();
}
