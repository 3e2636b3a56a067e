using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus.SelfTesting;

/// <summary>
/// Runs statements straight, without SafeTools, and expects the watches to notice each: observers that are blind would let everything pass.
/// And reads that have no effect, of which they must see nothing.
/// </summary>
internal sealed class SelfTest(Ground ground, IReadOnlyList<Entry> entries)
{
    private const string Canary = "/tmp/safetools-canary/self-test/written";

    private static readonly Credential Bystanders = Credential.All[0] with { Hardened = false };

    /// <summary>A line for each that was missed or seen wrongly.</summary>
    public async Task<(int Right, IReadOnlyList<string> Faults)> Run(CancellationToken cancellationToken)
    {
        Entry[] named = [.. entries, new Entry("canary", "file", $"copy (select 1) to '{Canary}'", "a file")];
        var faults = new List<string>();
        var right = 0;
        await ground.Renew(Bystanders, cancellationToken);
        foreach (var group in KnownEffect.All(Canary).GroupBy(effect => effect.Place))
        {
            var credential = Bystanders with { Place = group.Key };
            var tower = await Watchtower.Raise(ground, credential, named, tool: null, cancellationToken);
            foreach (var sql in KnownEffect.Harmless)
            {
                var seen = await Seen(new KnownEffect(default, "c_ro", sql, group.Key), tower, cancellationToken);
                Tell(seen.Count == 0, $"'{sql}' does nothing, but was seen as {string.Join("; ", seen)}");
            }

            foreach (var effect in group)
            {
                var seen = await Seen(effect, tower, cancellationToken);
                Tell(seen.Any(sighting => sighting.Sense == effect.Sense), $"'{effect.Sql}' by {effect.Role} at the {effect.Place} was not noticed by {effect.Sense}; seen: {string.Join("; ", seen)}");
                if (seen.Any(sighting => sighting.Sense == Sense.Sessions))
                {
                    await tower.DisposeAsync();
                    tower = await Watchtower.Raise(ground, credential, named, tool: null, cancellationToken);
                }
            }

            await tower.DisposeAsync();
        }

        return (right, faults);

        void Tell(bool good, string otherwise)
        {
            if (good)
            {
                right++;
            }
            else
            {
                faults.Add(otherwise.ReplaceLineEndings(" "));
            }
        }
    }

    private async Task<IReadOnlyList<Sighting>> Seen(KnownEffect effect, Watchtower tower, CancellationToken cancellationToken)
    {
        var connection = await ground.At(effect.Place).Open(effect.Role, Credential.Password, Ground.Database, "self-test", cancellationToken);
        var began = Stopwatch.GetTimestamp();

        // The roles' own timeout would end on a slow machine what has to be seen.
        await Text(connection, "set statement_timeout = '20s'", all: true, cancellationToken);
        var text = await Text(connection, effect.Sql, all: !effect.Abandoned, cancellationToken);
        var answer = new Answer(Answer.Executed, null, text, Stopwatch.GetElapsedTime(began));
        IReadOnlyList<Sighting> seen = [.. AnswerWatch.Of(new Entry("self-test", "self-test", effect.Sql, ""), answer), .. await tower.Look(cancellationToken)];
        if (effect.Abandoned)
        {
            await ground.At(effect.Place).Run($"select pg_terminate_backend({connection.ProcessID})", cancellationToken: cancellationToken);
        }

        await End(connection);
        return seen;
    }

    private static async Task End(NpgsqlConnection connection)
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // It read on to the end of a statement, which was ended.
        }
    }

    /// <summary>Rows or error, as a careless tool would pass them on.</summary>
    private static async Task<string> Text(NpgsqlConnection connection, string sql, bool all, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        try
        {
#pragma warning disable CA2100, CA2000 // The attack is the point; and one that is left alone ends with its connection.
            var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
#pragma warning restore CA2100, CA2000
            var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken) && all)
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{(reader.IsDBNull(column) ? "" : reader.GetString(column))}|");
                }
            }

            if (all)
            {
                await reader.DisposeAsync();
            }
        }
        catch (NpgsqlException fault)
        {
            text.Append(fault.Message);
        }

        return text.ToString();
    }
}
