namespace SafeTools.Providers.Postgres;

/// <summary>
/// What is asked of the catalogue (postgresql.org/docs/15/catalogs.html): names, kinds, types and keys, never expressions, predicates, bounds or comments, which hold
/// data or secrets. Only functions that a hardened role keeps. The last parameter is the most rows.
/// </summary>
internal static class DescriptionQueries
{
    /// <summary>More labels of an enum are not shown.</summary>
    public const int MostLabels = 100;

    private const string Readable = """
        n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm')
        and pg_catalog.has_schema_privilege(n.oid, 'USAGE') and pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
        """;

    /// <summary>
    /// Number, schema, name, kind, rows, bytes, columns. $1 the schema or null, $2 the name or null. A partition shows only where it is asked for by its name;
    /// its table sums up its own.
    /// </summary>
    public const string Relations = $"""
        select c.oid, n.nspname, c.relname, c.relkind,
            case when c.relkind = 'v' then null when c.reltuples >= 0 then c.reltuples::bigint when c.relkind = 'p' and parts.known then parts.tuples::bigint end,
            case when c.relkind = 'p' and parts.known then parts.pages when c.relkind in ('r', 'm') and c.reltuples >= 0 then c.relpages + coalesce(toast.relpages, 0) end
                * pg_catalog.current_setting('block_size')::bigint,
            (select pg_catalog.count(*) from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_class toast on toast.oid = c.reltoastrelid
        left join lateral (
            with recursive part(id) as (
                select c.oid where c.relkind = 'p'
                union all
                select i.inhrelid from part join pg_catalog.pg_inherits i on i.inhparent = part.id)
            select pg_catalog.sum(p.reltuples) as tuples, pg_catalog.sum(p.relpages + coalesce(t.relpages, 0))::bigint as pages, pg_catalog.bool_and(p.reltuples >= 0) as known
            from part join pg_catalog.pg_class p on p.oid = part.id left join pg_catalog.pg_class t on t.oid = p.reltoastrelid
            where p.relkind <> 'p') parts on true
        where {Readable} and ($1::text is null or n.nspname = $1::text) and (c.relname = $2::text or ($2::text is null and not c.relispartition))
        order by n.nspname, c.relname
        limit $3::bigint
        """;

    /// <summary>Name, type, nullable, has a default, readable, labels of its enum as JSON. $1 the relation's number.</summary>
    public const string Columns = """
        select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
            a.atthasdef or a.attidentity <> '', pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
            (select pg_catalog.json_agg(label.enumlabel order by label.enumsortorder) from (
                select e.enumlabel, e.enumsortorder from pg_catalog.pg_enum e
                where e.enumtypid in (t.oid, t.typelem, t.typbasetype) order by e.enumsortorder limit 101) label)
        from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
        where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
        order by a.attnum
        limit $2::bigint
        """;

    /// <summary>
    /// Kind, name, columns as JSON (not of a check, which may have a thousand), and of a foreign key the schema, name and columns of what it refers to. $1 the relation's number.
    /// The server keeps a row more for each partition of a table that is referred to; those say nothing new.
    /// </summary>
    public const string Constraints = $"""
        select k.contype, k.conname,
            (select pg_catalog.json_agg(a.attname order by u.place) from pg_catalog.unnest(k.conkey) with ordinality u(number, place)
                join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number where k.contype <> 'c'),
            n.nspname, c.relname,
            (select pg_catalog.json_agg(a.attname order by u.place) from pg_catalog.unnest(k.confkey) with ordinality u(number, place)
                join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number)
        from pg_catalog.pg_constraint k
        left join pg_catalog.pg_class c on c.oid = k.confrelid
        left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where k.conrelid = $1::oid
            and (k.contype in ('p', 'u', 'c') or (k.contype = 'f' and {Readable}
                and not exists (select from pg_catalog.pg_constraint above where above.oid = k.conparentid and above.conrelid = k.conrelid)))
        order by k.contype, k.conname
        limit $2::bigint
        """;

    /// <summary>Name, method, unique, partial, columns as JSON with null for an expression. $1 the relation's number.</summary>
    public const string Indexes = """
        select i.relname, m.amname, x.indisunique, x.indpred is not null,
            (select pg_catalog.json_agg(a.attname order by u.place) from pg_catalog.unnest(x.indkey) with ordinality u(number, place)
                left join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.number and u.number <> 0
                where u.place <= x.indnkeyatts)
        from pg_catalog.pg_index x
        join pg_catalog.pg_class i on i.oid = x.indexrelid
        join pg_catalog.pg_am m on m.oid = i.relam
        where x.indrelid = $1::oid and x.indislive
        order by i.relname
        limit $2::bigint
        """;
}
