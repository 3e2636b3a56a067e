using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Providers;

/// <summary>Counts attempts over processes and restarts (<see cref="ISecrets.Remember"/>), by where a credential leads and as whom: never by its value.</summary>
internal sealed class AttemptLedger(ISecrets secrets, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="place">What could lock somebody out: servers, user, database. Only its digest is kept.</param>
    /// <param name="stamp">What is tried and asked (<see cref="AttemptRecord.Stamp"/>).</param>
    /// <param name="aside">As in <see cref="AttemptRules.Rule"/>.</param>
    public AttemptTurn Begin(string place, string stamp, bool aside = false)
    {
        try
        {
            return secrets.Remember<AttemptTurn>(Key(place), text =>
            {
                var before = text is null ? null : AttemptRecord.Read(text);
                var now = clock.GetUtcNow();
                var turn = AttemptRules.Rule(before, stamp, aside, now);
                return (turn is AttemptTurn.Try ? AttemptRules.Begun(before, stamp, now).Write() : text, turn);
            });
        }
        catch (Exception fault) when (fault is SecretsException or FormatException)
        {
            return new AttemptTurn.Uncounted();
        }
    }

    /// <summary>Tells how one that <see cref="Begin"/> allowed ended. What cannot be written down stays a failure.</summary>
    public void End(string place, AttemptEnd end, string? answer) => Change(place, begun => AttemptRules.Ended(begun, end, answer));

    /// <summary>The same of one aside: where it was let in, all is as before it.</summary>
    public void EndAside(string place, AttemptTurn.Try turn, AttemptEnd end) =>
        Change(place, begun => end == AttemptEnd.LetIn && turn.Before is { } before ? before : AttemptRules.Ended(begun, end, null));

    private void Change(string place, Func<AttemptRecord, AttemptRecord> change)
    {
        try
        {
            secrets.Remember(Key(place), text => (text is null ? null : change(AttemptRecord.Read(text)).Write(), 0));
        }
        catch (Exception fault) when (fault is SecretsException or FormatException)
        {
            // It counts as a failure then, which only makes the next one wait longer.
        }
    }

    private static string Key(string place) => $"attempts/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)))}";
}
