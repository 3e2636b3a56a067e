using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One slot as the server has it.</summary>
/// <param name="Name">a or b.</param>
/// <param name="Role">Its login role.</param>
/// <param name="OwnerRole">The role that it must be a member of.</param>
/// <param name="Version">Grows with every change.</param>
/// <param name="SetAt">When it was last changed.</param>
/// <param name="Digest">Of the verifier that was set last (<see cref="ScramVerifier.DigestOf"/>); null where there is none.</param>
/// <param name="IsRole">The role exists.</param>
/// <param name="LetsIn">Whoever knows its password gets in.</param>
/// <param name="ValidUntil">Null: without end.</param>
/// <param name="ChangedByOthers">Its verifier is not the one that was set last.</param>
/// <param name="IsMember">It is a member of <paramref name="OwnerRole"/>.</param>
/// <param name="IsMore">It may do more than an application may.</param>
/// <param name="Sessions">How many are open.</param>
internal sealed record SlotState(
    string Name, string Role, string OwnerRole, long Version, DateTimeOffset SetAt, string? Digest, bool IsRole, bool LetsIn, DateTimeOffset? ValidUntil, bool ChangedByOthers, bool IsMember,
    bool IsMore, long Sessions)
{
    public static async Task<IReadOnlyList<SlotState>> Read(NpgsqlConnection connection, string service, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand($"select * from {RotationScript.Schema}.state($1)", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = service } } };
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        var slots = new List<SlotState>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            slots.Add(new SlotState(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetBoolean(6), reader.GetBoolean(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8), reader.GetBoolean(9), reader.GetBoolean(10), reader.GetBoolean(11),
                reader.GetInt64(12)));
        }

        return slots;
    }
}
