using Microsoft.Data.Sqlite;

namespace SafeTools.Server.State;

/// <summary>Actions, and the previews that each has had.</summary>
internal sealed class ActionTable(Database database)
{
    private const string Select = """
        select id, key, principal, tool, resource, document, reason, status, environment, effect, required, blocked, preview, fingerprint,
          undoes, asked, expires, server, result, preview_wanted
        from actions
        """;

    public StoredAction? Find(string id) => One($"{Select} where id = @value", id);

    public StoredAction? FindOpen(string key) => One($"{Select} where key = @value and status in {StoreSchema.Open}", key);

    public bool WasRejected(string key, DateTimeOffset since) => database.Number(
        "select count(*) from actions where key = @key and status = @rejected and ended > @since",
        ("@key", key),
        ("@rejected", ActionStatus.Rejected.Word()),
        ("@since", since.ToUnixTimeMilliseconds())) > 0;

    /// <summary>Open ones that wait, or waited, for humans.</summary>
    public long CountProposals(string principal) => database.Number(
        $"select count(*) from actions where principal = @principal and status in {StoreSchema.Open} and (required > 0 or status in (@pending, @approved))",
        ("@principal", principal),
        ("@pending", ActionStatus.Pending.Word()),
        ("@approved", ActionStatus.Approved.Word()));

    public IReadOnlyList<StoredAction> List(string? principal, bool open, int most) => database.Rows(
        $"{Select} where (@principal is null or principal = @principal) and (not @open or status in {StoreSchema.Open}) order by number desc limit @most",
        Map,
        ("@principal", principal),
        ("@open", open),
        ("@most", most));

    public IReadOnlyList<string> OpenIds() => database.Rows($"select id from actions where status in {StoreSchema.Open} order by number desc", row => row.GetString(0));

    public IReadOnlyList<StoredAction> UndosOf(string id) => database.Rows($"{Select} where undoes = @id order by number desc", Map, ("@id", id));

    public IReadOnlyDictionary<string, string> Previews(string id) =>
        database.Rows("select digest, fingerprint from previews where action = @id", row => (row.GetString(0), row.GetString(1)), ("@id", id))
            .ToDictionary(preview => preview.Item1, preview => preview.Item2, StringComparer.Ordinal);

    public void Add(StoredAction action)
    {
        database.Execute(
            """
            insert into actions (id, key, principal, tool, resource, document, reason, status, environment, effect, required, blocked, preview, fingerprint,
              undoes, asked, expires, server, result, preview_wanted)
            values (@id, @key, @principal, @tool, @resource, @document, @reason, @status, @environment, @effect, @required, @blocked, @preview, @fingerprint,
              @undoes, @asked, @expires, @server, @result, @wanted)
            """,
            ("@id", action.Id),
            ("@key", action.Key),
            ("@principal", action.Principal),
            ("@tool", action.Tool),
            ("@resource", action.Resource),
            ("@document", action.Document),
            ("@reason", action.Reason),
            ("@status", action.Status.Word()),
            ("@environment", action.Environment.Word()),
            ("@effect", action.Effect.Word()),
            ("@required", action.Required),
            ("@blocked", action.Blocked),
            ("@preview", action.Preview),
            ("@fingerprint", action.Fingerprint),
            ("@undoes", action.Undoes),
            ("@asked", action.Asked.ToUnixTimeMilliseconds()),
            ("@expires", action.Expires.ToUnixTimeMilliseconds()),
            ("@server", action.Server),
            ("@result", action.Result),
            ("@wanted", action.PreviewWanted));
        AddPreview(action.Id, action.Preview, action.Fingerprint);
    }

    /// <summary>The guarded step; false where the action is not in <paramref name="from"/> any more.</summary>
    public bool Step(string id, ActionStatus from, ActionStatus to, DateTimeOffset now, DateTimeOffset? expires, string? server, string? result) => database.Execute(
        """
        update actions set status = @to, expires = coalesce(@expires, expires), server = coalesce(@server, server), result = coalesce(@result, result), ended = @ended
        where id = @id and status = @from
        """,
        ("@id", id),
        ("@from", from.Word()),
        ("@to", to.Word()),
        ("@expires", expires?.ToUnixTimeMilliseconds()),
        ("@server", server),
        ("@result", result),
        ("@ended", ActionLife.IsOpen(to) ? null : now.ToUnixTimeMilliseconds())) == 1;

    /// <summary>Replaces the preview of a pending or approved action; false for any other.</summary>
    public bool Refresh(string id, string preview, string fingerprint, string? blocked)
    {
        var refreshed = database.Execute(
            """
            update actions set preview = @preview, fingerprint = @fingerprint, blocked = @blocked, preview_wanted = 0
            where id = @id and status in (@pending, @approved)
            """,
            ("@id", id),
            ("@preview", preview),
            ("@fingerprint", fingerprint),
            ("@blocked", blocked),
            ("@pending", ActionStatus.Pending.Word()),
            ("@approved", ActionStatus.Approved.Word())) == 1;
        if (refreshed)
        {
            AddPreview(id, preview, fingerprint);
        }

        return refreshed;
    }

    public void WantPreview(string id) => database.Execute(
        "update actions set preview_wanted = 1 where id = @id and status in (@pending, @approved) and preview_wanted = 0",
        ("@id", id),
        ("@pending", ActionStatus.Pending.Word()),
        ("@approved", ActionStatus.Approved.Word()));

    private void AddPreview(string id, string preview, string fingerprint) => database.Execute(
        "insert into previews (action, digest, fingerprint) values (@id, @digest, @fingerprint) on conflict do nothing",
        ("@id", id),
        ("@digest", Digest.Of(preview)),
        ("@fingerprint", fingerprint));

    private StoredAction? One(string sql, string value) => database.Rows(sql, Map, ("@value", value)) is [var action] ? action : null;

    private static StoredAction Map(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Key = row.GetString(1),
        Principal = row.GetString(2),
        Tool = row.GetString(3),
        Resource = row.GetString(4),
        Document = row.Json(5),
        Reason = row.Text(6),
        Status = ActionLife.Parse(row.GetString(7)),
        Environment = LabelNames.ParseEnvironment(row.GetString(8)) ?? throw new FormatException("Unknown environment."),
        Effect = LabelNames.ParseEffect(row.GetString(9)) ?? throw new FormatException("Unknown effect."),
        Required = row.GetInt32(10),
        Blocked = row.Text(11),
        Preview = row.Json(12),
        Fingerprint = row.Json(13),
        Undoes = row.Text(14),
        Asked = row.Time(15),
        Expires = row.Time(16),
        Server = row.Text(17),
        Result = row.IsDBNull(18) ? null : row.Json(18),
        PreviewWanted = row.GetInt64(19) != 0,
    };
}
