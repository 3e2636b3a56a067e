using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SafeTools.Tests.Support;

/// <summary>A chain of random events, and one thing done to it.</summary>
internal sealed record Tampering(int[] Events, int At, int How)
{
    private const int Ways = 12;

    public static Arbitrary<Tampering> Any { get; } = (
        from events in Gen.Choose(0, 5).NonEmptyListOf()
        from at in Gen.Choose(0, int.MaxValue - 1)
        from how in Gen.Choose(0, Ways - 1)
        select new Tampering([.. events], at, how)).ToArbitrary();

    public SignedChain Chain(TestApprover alice)
    {
        var chain = new SignedChain(alice);
        foreach (var what in Events)
        {
            chain.Happen(what);
        }

        return chain;
    }

    /// <summary>Edits, deletes, swaps or inserts at one of the first <paramref name="within"/> entries.</summary>
    public IReadOnlyList<AuditEntry> Of(IReadOnlyList<AuditEntry> entries, long within)
    {
        var index = (int)(At % within);
        var edited = entries.ToList();
        var entry = entries[index];
        switch (How)
        {
            case 0:
                edited.RemoveAt(index);
                break;
            case 1:
                // Another entry, since a second copy of the last one within would lie behind it.
                edited.Insert(index, entry with { Tool = entry.Tool + "x" });
                break;
            case 2:
                var other = index + 1 < entries.Count ? index + 1 : 0;
                (edited[index], edited[other]) = (edited[other], edited[index]);
                break;
            default:
                edited[index] = Edit(entry);
                break;
        }

        return edited;
    }

    private AuditEntry Edit(AuditEntry entry) => How switch
    {
        3 => entry with { Time = entry.Time.AddMilliseconds(1) },
        4 => entry with { Kind = entry.Kind + "." },
        5 => entry with { Principal = entry.Principal + "x" },
        6 => entry with { ActionId = entry.ActionId + "x" },
        7 => entry with { Tool = entry.Tool + "x" },
        8 => entry with { Commitment = entry.Commitment is null ? Digest.Of("x") : null },
        9 => entry with { Body = CanonicalJson.Text(With(entry.BodyJson)) },
        10 => entry with { Body = "{}" },
        _ => entry with { Body = "no json" },
    };

    private static JsonObject With(JsonObject body)
    {
        body["more"] = true;
        return body;
    }
}
