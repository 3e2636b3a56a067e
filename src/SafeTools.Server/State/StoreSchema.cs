namespace SafeTools.Server.State;

/// <summary>The tables, and which version of them a file holds.</summary>
internal static class StoreSchema
{
    /// <summary>SQLite's <c>user_version</c>. Raised with every change of the tables, together with the step from the one before.</summary>
    public const int Version = 1;

    /// <summary>Statuses that <see cref="ActionLife.IsOpen"/> calls open; a test holds the two together.</summary>
    public const string Open = "('pending', 'approved', 'executing', 'unknown')";

    private const string Tables = $"""
        create table meta (name text primary key, value text not null) strict;

        create table audit (
          sequence integer primary key, time integer not null, kind text not null, principal text, action text, tool text,
          body text not null, commitment text, previous text not null, hash text not null) strict;
        create index audit_ledger on audit (sequence) where kind in ('policy.accepted', 'principal.frozen', 'principal.unfrozen');
        create index audit_actions on audit (action, sequence) where action is not null;
        create table payloads (sequence integer primary key references audit, salt text not null, text text not null) strict;

        create table actions (
          number integer primary key, id text not null unique, key text not null, principal text not null, tool text not null, resource text not null,
          document text not null, reason text, status text not null, environment text not null, effect text not null, required integer not null,
          blocked text, preview text not null, fingerprint text not null, undoes text, asked integer not null, expires integer not null,
          server text, result text, preview_wanted integer not null, ended integer) strict;
        create unique index actions_open on actions (key) where status in {Open};
        create index actions_key on actions (key);
        create index actions_principal on actions (principal, number);
        create index actions_status on actions (status, number);
        create index actions_undoes on actions (undoes) where undoes is not null;
        create table previews (
          action text not null references actions (id), digest text not null, fingerprint text not null, primary key (action, digest)) strict;

        create table decisions (
          number integer primary key, action text not null references actions (id), epoch integer not null, preview text not null, verdict text not null,
          nonce text not null unique, audit_head text not null, key text not null, signature text not null, reason text) strict;
        create index decisions_action on decisions (action, number);
        create table nonces (
          nonce text primary key, subject text not null, audit_head text not null, expires integer not null, used integer) strict;

        create table policies (epoch integer primary key, document text not null) strict;
        create table policy_signatures (
          number integer primary key, epoch integer not null, digest text not null, key text not null, nonce text not null unique,
          audit_head text not null, signature text not null, unique (epoch, digest, key)) strict;
        """;

    /// <summary>True where the file was empty and now has the tables. Called inside a write transaction.</summary>
    /// <exception cref="StoreException">Not a store, or one of a newer build, or one with something in it that could act by itself.</exception>
    public static bool Ensure(Database database)
    {
        var version = database.Number("pragma user_version");
        if (version > Version)
        {
            throw new StoreException(RefusalCatalog.StateUnavailable.Because("The state store was made by a newer version of SafeTools; use that one."))
            {
                Advice = $"{database.File} is of form {version}, and this version knows {Version}. Run the newer safetools (safetools --version says which this is), or name another folder with --state.",
            };
        }

        if (version == 0)
        {
            if (database.Number("select count(*) from sqlite_schema") != 0)
            {
                throw NotAStore(database);
            }

            database.Execute(Tables);
            database.Execute($"pragma application_id = {StoreFile.ApplicationId}");
            database.Execute($"pragma user_version = {Version}");
            return true;
        }

        if (database.Number("pragma application_id") != StoreFile.ApplicationId)
        {
            throw NotAStore(database);
        }

        // A planted trigger would change rows behind every statement.
        return database.Number("select count(*) from sqlite_schema where type in ('trigger', 'view')") == 0
            ? false
            : throw StoreFault.Edited("The state store holds triggers or views that SafeTools did not make.");
    }

    private static StoreException NotAStore(Database database) => new(RefusalCatalog.StateUnavailable.Because("The file in the state folder is not a state store."))
    {
        Advice = $"{database.File} was not made by safetools. Move it away, or name another folder with --state.",
    };
}
