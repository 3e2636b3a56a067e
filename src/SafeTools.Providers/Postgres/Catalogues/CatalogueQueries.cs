namespace SafeTools.Providers.Postgres;

/// <summary>What is asked of the server's catalogue. Every row of it is readable by every role; nothing here needs a function that hardening takes away.</summary>
internal static class CatalogueQueries
{
    /// <summary>
    /// Changes when an object is made, dropped or altered: every change writes a new row version, whose xmin is counted in. Only what users made is
    /// looked at (by index); what initdb made does not change within a major version. Beside it, what says where this is, for every call to compare.
    /// </summary>
    public const string Stamp = """
        select concat_ws(':',
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_class where oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'i', 'I')),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_type where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_proc where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_operator where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_cast where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_constraint where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_statistic_ext),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_namespace where oid >= 16384),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + inhrelid::bigint))) from pg_catalog.pg_inherits),
            (select concat_ws(',', count(*), sum(hashint8(xmin::text::bigint * 31 + oid::bigint))) from pg_catalog.pg_extension where oid >= 16384))
        """;

    /// <summary>The server's own functions that could be called by name: nothing that takes or gives the internals' types, whose input functions run checks.</summary>
    public const string Functions = """
        select p.oid::text, p.proname::text, p.provolatile::text
        from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
        where p.oid < 16384 and p.pronamespace = 'pg_catalog'::regnamespace and not p.prosecdef and l.lanname in ('internal', 'sql')
            and not (p.proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]) and p.prorettype not in ('internal'::regtype, 'cstring'::regtype)
        """;

    public const string Operators = """
        select o.oid::text, o.oprcode::oid::text from pg_catalog.pg_operator o where o.oid < 16384 and o.oprnamespace = 'pg_catalog'::regnamespace
        """;

    public const string SamplingMethods = """
        select p.oid::text from pg_catalog.pg_proc p
        where p.oid < 16384 and p.pronamespace = 'pg_catalog'::regnamespace and p.prorettype = 'tsm_handler'::regtype and p.proname in ('bernoulli', 'system')
        """;

    /// <summary>Functions of extensions that are known to compute only (<see cref="KnownExtensions"/>), in C, immutable, owned by who may make such.</summary>
    public const string ExtensionFunctions = """
        select p.oid::text, p.proname::text, p.provolatile::text
        from pg_catalog.pg_extension e
            join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and d.classid = 'pg_catalog.pg_proc'::regclass
            join pg_catalog.pg_proc p on p.oid = d.objid
            join pg_catalog.pg_language l on l.oid = p.prolang
            join pg_catalog.pg_roles o on o.oid = p.proowner
        where e.extname = any($1) and l.lanname = 'c' and p.provolatile = 'i' and p.prokind = 'f' and not p.prosecdef and o.rolsuper
            and not (p.proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]) and p.prorettype not in ('internal'::regtype, 'cstring'::regtype)
        """;

    public const string ExtensionOperators = """
        select o.oid::text, o.oprcode::oid::text
        from pg_catalog.pg_extension e
            join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and d.classid = 'pg_catalog.pg_operator'::regclass
            join pg_catalog.pg_operator o on o.oid = d.objid
        where e.extname = any($1)
        """;

    /// <summary>Every type, with what its input would run through.</summary>
    public const string Types = """
        select t.oid::text, t.typname::text, t.typtype::text, (t.oid < 16384 and t.typnamespace = 'pg_catalog'::regnamespace)::text,
            case when t.typelem <> 0 and t.typcategory = 'A' then t.typelem else 0 end::text, t.typbasetype::text, t.typrelid::text,
            coalesce(r.rngsubtype, 0)::text, (coalesce(r.rngcanonical, 0)::oid >= 16384 or coalesce(r.rngsubdiff, 0)::oid >= 16384)::text,
            coalesce((select e.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
                where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e' and d.refclassid = 'pg_catalog.pg_extension'::regclass limit 1), '')::text,
            exists (select from pg_catalog.pg_cast c where c.castsource = t.oid and c.casttarget in ('json'::regtype, 'jsonb'::regtype) and c.castfunc >= 16384)::text
        from pg_catalog.pg_type t left join pg_catalog.pg_range r on r.rngtypid = t.oid or r.rngmultitypid = t.oid
        """;

    /// <summary>How types of users are called and how their arrays are divided, for answers.</summary>
    public const string ResultTypes = """
        select t.oid::text, pg_catalog.format_type(t.oid, null), case when t.typcategory = 'A' then t.typelem else 0 end::text, coalesce(e.typdelim, t.typdelim)::text
        from pg_catalog.pg_type t left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
        where t.oid >= 16384
        """;

    /// <summary>The types of the columns of everything that users made a row type of.</summary>
    public const string Columns = """
        select a.attrelid::text, string_agg(distinct a.atttypid::text, ' ')
        from pg_catalog.pg_attribute a
        where a.attrelid >= 16384 and a.attnum > 0 and not a.attisdropped and a.atttypid <> 0
        group by a.attrelid
        """;

    public const string DomainChecks = """
        select c.contypid::text, c.conbin::text from pg_catalog.pg_constraint c where c.contypid <> 0 and c.conbin is not null
        """;

    /// <summary>How wide relations are and how large the trees of views, by their bare names.</summary>
    public const string Spreads = """
        select c.relname::text, max(c.relnatts)::text, max(case when c.relkind = 'v' then coalesce(v.size, 0) else 0 end)::text
        from pg_catalog.pg_class c left join (select r.ev_class, sum(length(r.ev_action::text)) as size from pg_catalog.pg_rewrite r group by 1) v on v.ev_class = c.oid
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') group by 1
        """;

    /// <summary>
    /// Relations of users, whether each lies in a schema of the server, belongs to an extension, has a foreign table among its descendants, or makes the
    /// planner run somebody's code: it evaluates functions in the predicates and expressions of indexes and statistics, in checks and in partition keys, and
    /// compares by the operator classes of indexes and partitions, of the relation itself and of its descendants, before anything is executed and in no tree.
    /// </summary>
    public const string Relations = """
        with recursive descendants (root, relid) as (
            select i.inhparent, i.inhrelid from pg_catalog.pg_inherits i
            union
            select d.root, i.inhrelid from descendants d join pg_catalog.pg_inherits i on i.inhparent = d.relid),
        ours as (
            select d.classid, d.objid from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
            where d.refclassid = 'pg_catalog.pg_extension'::regclass and d.deptype = 'e' and e.extname = any($1)),
        parts (relid, classid, objid) as (
            select c.oid, 'pg_catalog.pg_class'::regclass, c.oid from pg_catalog.pg_class c where c.oid >= 16384 and c.relkind = 'p'
            union all select i.indrelid, 'pg_catalog.pg_class'::regclass, i.indexrelid from pg_catalog.pg_index i where i.indexrelid >= 16384
            union all select k.conrelid, 'pg_catalog.pg_constraint'::regclass, k.oid from pg_catalog.pg_constraint k where k.oid >= 16384 and k.conrelid <> 0
            union all select s.stxrelid, 'pg_catalog.pg_statistic_ext'::regclass, s.oid from pg_catalog.pg_statistic_ext s),
        planned (relid) as (
            select p.relid from parts p join pg_catalog.pg_depend d on d.classid = p.classid and d.objid = p.objid
            where d.refobjid >= 16384
                and d.refclassid in ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass)
                and not exists (select from ours o where o.classid = d.refclassid and o.objid = d.refobjid)),
        reaching as (select distinct d.root from descendants d join pg_catalog.pg_class f on f.oid = d.relid where f.relkind not in ('r', 'p'))
        select c.oid::text, n.nspname::text, c.relname::text, c.relkind::text, (n.nspname ~ '^pg_' or n.nspname = 'information_schema')::text,
            exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')::text,
            (c.oid in (select root from reaching))::text,
            (c.oid in (select relid from planned) or c.oid in (select d.root from descendants d join planned p on p.relid = d.relid))::text
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'f')
        """;

    /// <summary>
    /// Users' functions and operators, with every type that a constant could become by being passed to one. An operator of a built-in name between two
    /// values of one type is not among them: two bare constants are compared as text, and a constant becomes that type only beside a value that is it.
    /// </summary>
    public const string Takers = """
        select p.proname::text, array_to_string(p.proargtypes::oid[] || p.prorettype, ' ') from pg_catalog.pg_proc p where p.oid >= 16384
        union all
        select o.oprname::text, concat_ws(' ', o.oprleft, o.oprright, o.oprresult) from pg_catalog.pg_operator o
        where o.oid >= 16384 and (o.oprleft <> o.oprright or not exists (select from pg_catalog.pg_operator b where b.oid < 16384 and b.oprname = o.oprname))
        """;

    /// <summary>The masked columns, each as schema, table and column; and the columns of the same name in all partitions and children above and below.</summary>
    public const string Masked = """
        with recursive named (relid, col) as (
            select c.oid, m.col
            from unnest($1::text[], $2::text[], $3::text[]) m (nsp, rel, col)
                join pg_catalog.pg_namespace n on n.nspname = m.nsp
                join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = m.rel
            union
            select case when i.inhparent = d.relid then i.inhrelid else i.inhparent end, d.col
            from named d join pg_catalog.pg_inherits i on d.relid in (i.inhparent, i.inhrelid))
        select distinct a.attrelid::text, a.attnum::text
        from named m join pg_catalog.pg_attribute a on a.attrelid = m.relid and a.attname = m.col and a.attnum > 0
        """;
}
