namespace SafeTools.Providers.Postgres;

/// <summary>What is known of extensions, for the words of findings and for those that need none.</summary>
internal static class Extensions
{
    /// <summary>
    /// Their functions compute from their arguments alone: they run no SQL, open no file, reach no other server. The letters are the volatilities
    /// for which that was looked at; PostGIS has functions that change tables, none of them IMMUTABLE.
    /// </summary>
    public const string Harmless = """
        (VALUES ('bloom', 'isv'), ('btree_gin', 'isv'), ('btree_gist', 'isv'), ('citext', 'isv'), ('cube', 'isv'), ('dict_int', 'isv'), ('dict_xsyn', 'isv'),
          ('earthdistance', 'isv'), ('fuzzystrmatch', 'isv'), ('hstore', 'isv'), ('intarray', 'isv'), ('isn', 'isv'), ('ltree', 'isv'), ('pg_trgm', 'isv'),
          ('pgcrypto', 'isv'), ('postgis', 'i'), ('seg', 'isv'), ('tsm_system_rows', 'isv'), ('tsm_system_time', 'isv'), ('unaccent', 'isv'), ('uuid-ossp', 'isv'), ('vector', 'isv'))
        """;

    /// <summary>Their functions reach other servers, or the server's files.</summary>
    public const string Reaching = "('dblink', 'file_fdw', 'http', 'pg_net', 'plproxy', 'postgres_fdw', 'aws_s3', 'aws_lambda', 'adminpack', 'pg_cron')";

    /// <summary>Over a row <c>p</c> of pg_proc: a function of any.</summary>
    public const string Any = """
        EXISTS (SELECT FROM pg_catalog.pg_depend held WHERE held.classid = 'pg_catalog.pg_proc'::regclass AND held.objid = p.oid AND held.deptype = 'e')
        """;

    /// <summary>Over a row <c>p</c> of pg_proc: a function of a harmless one.</summary>
    public const string Holds = $"""
        EXISTS (SELECT FROM pg_catalog.pg_depend held JOIN pg_catalog.pg_extension e ON e.oid = held.refobjid JOIN {Harmless} known (name, volatilities) ON known.name = e.extname
          WHERE held.classid = 'pg_catalog.pg_proc'::regclass AND held.objid = p.oid AND held.refclassid = 'pg_catalog.pg_extension'::regclass AND held.deptype = 'e'
            AND strpos(known.volatilities, p.provolatile::text) > 0)
        """;
}
