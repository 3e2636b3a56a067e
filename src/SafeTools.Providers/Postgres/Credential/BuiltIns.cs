namespace SafeTools.Providers.Postgres;

/// <summary>
/// Which of the server's own functions can do more than compute. Told by what a function is, not by its name: whatever is VOLATILE counts,
/// so that a function which a later version brings counts too, until somebody has looked at it.
/// </summary>
internal static class BuiltIns
{
    /// <summary>Objects below it came with initdb (FirstNormalObjectId).</summary>
    public const string FirstOfUsers = "16384";

    /// <summary>
    /// VOLATILE, and harmless all the same. Clocks and chance: clock_timestamp … array_sample. Sequences: nextval … pg_sequence_last_value ask for
    /// privileges on the sequence, which are proved by themselves. What the server says of itself and of its replication, and what this proof asks:
    /// pg_control_system … pg_last_committed_xact. Names of partitions; whether an access method is valid; the text of one's own query.
    /// </summary>
    private const string Harmless = """
        {clock_timestamp,timeofday,random,random_normal,setseed,gen_random_uuid,uuidv4,uuidv7,array_shuffle,array_sample,
        nextval,setval,currval,lastval,pg_sequence_last_value,pg_get_sequence_data,
        pg_control_system,pg_control_checkpoint,pg_control_init,pg_control_recovery,pg_is_in_recovery,pg_is_wal_replay_paused,pg_get_wal_replay_pause_state,
        pg_current_wal_lsn,pg_current_wal_insert_lsn,pg_current_wal_flush_lsn,pg_last_wal_receive_lsn,pg_last_wal_replay_lsn,pg_last_xact_replay_timestamp,
        pg_jit_available,pg_collation_actual_version,pg_database_collation_actual_version,pg_last_committed_xact,
        pg_partition_tree,pg_partition_ancestors,amvalidate,current_query}
        """;

    /// <summary>
    /// STABLE, and not harmless: they run SQL that is made of names (the XML family), write a transaction number into the log (txid_current),
    /// or tell what others wrote down: sources of functions, comments, queries of other sessions.
    /// </summary>
    private const string Harmful = """
        {table_to_xml,table_to_xmlschema,table_to_xml_and_xmlschema,schema_to_xml,schema_to_xmlschema,schema_to_xml_and_xmlschema,
        database_to_xml,database_to_xmlschema,database_to_xml_and_xmlschema,txid_current,pg_current_xact_id,
        pg_get_functiondef,obj_description,col_description,pg_stat_get_activity,pg_stat_get_backend_activity}
        """;

    /// <summary>Over a row <c>p</c> of pg_proc: a statement can call it. What takes or gives these types is called by the server alone.</summary>
    public const string Callable = """
        (NOT p.proargtypes::oid[] && ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[]
         AND p.prorettype <> ALL (ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[]))
        """;

    /// <summary>Over a row <c>p</c> of pg_proc: one of the server's own that can do more than compute.</summary>
    public const string DoMore = $$"""
        (p.oid < {{FirstOfUsers}} AND {{Callable}} AND (
          (p.provolatile = 'v' AND p.proname <> ALL ('{{Harmless}}'::name[]))
          OR (p.provolatile <> 'v' AND p.proname = ANY ('{{Harmful}}'::name[]))))
        """;

    /// <summary>Over a row <c>p</c> of pg_proc: initdb kept it from PUBLIC.</summary>
    public const string Withheld = """
        EXISTS (SELECT FROM pg_catalog.pg_init_privs i WHERE i.objoid = p.oid AND i.classoid = 'pg_catalog.pg_proc'::regclass
          AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) was WHERE was.grantee = 0))
        """;

    /// <summary>
    /// Over a row <c>p</c> of pg_proc: another name of one that only computes, such as what CREATE TYPE … AS RANGE makes to build its values.
    /// Within the brackets, <c>p</c> is the server's own.
    /// </summary>
    public const string OtherNames = $"""
        (p.prolang = 12 AND p.prosrc IN (SELECT p.prosrc FROM pg_catalog.pg_proc p WHERE p.oid < {FirstOfUsers} AND p.prolang = 12 AND {Callable} AND NOT {DoMore} AND NOT {Withheld}))
        """;
}
