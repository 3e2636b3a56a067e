namespace SafeTools.Providers.Postgres;

/// <summary>PostgreSQL 18: grouped expressions stand in an entry of the range table, RTE_GROUP; RETURNING knows old and new rows.</summary>
internal static class Postgres18
{
    /// <summary>The nodes whose fields are others than in the version before; each line is the whole node.</summary>
    public const string Changes = """
        QUERY commandType=1 querySource=0 canSetTag:plain utilityStmt=<> resultRelation=0 hasAggs:plain hasWindowFuncs:plain hasTargetSRFs:plain
         hasSubLinks:plain hasDistinctOn:plain hasRecursive:plain hasModifyingCTE=false hasForUpdate=false hasRowSecurity:plain hasGroupRTE:plain isReturn:plain
         cteList:nodes rtable:nodes rteperminfos:nodes jointree:nodes targetList:nodes override=0 onConflict=<> returningList=<> groupClause:nodes
         groupDistinct:plain groupingSets:nodes havingQual:nodes windowClause:nodes distinctClause:nodes sortClause:nodes limitOffset:nodes
         limitCount:nodes limitOption:plain rowMarks=<> setOperations:nodes constraintDeps:plain withCheckOptions=<> mergeActionList=<>
         mergeTargetRelation=0 mergeJoinCondition=<> returningOldAlias=<> returningNewAlias=<> stmt_location:plain stmt_len:plain
        RANGETBLENTRY alias:nodes eref:nodes rtekind=0|1|2|3|5|6|9 relid:relation inh:plain relkind=r|v|m|p|<> rellockmode=0|1 perminfoindex:plain
         tablesample:nodes subquery:nodes security_barrier:plain jointype:plain joinmergedcols:plain joinaliasvars:nodes joinleftcols:plain
         joinrightcols:plain join_using_alias:nodes functions:nodes funcordinality:plain values_lists:nodes coltypes:type coltypmods:plain
         colcollations:plain ctename:plain ctelevelsup:plain self_reference:plain lateral:plain inFromCl:plain securityQuals:nodes groupexprs:nodes
        VAR varno:plain varattno:plain vartype:type vartypmod:plain varcollid:plain varnullingrels:plain varlevelsup:plain varreturningtype=0 varnosyn:plain
         varattnosyn:plain location:plain
        ARRAYEXPR array_typeid:type array_collid:plain element_typeid:type elements:nodes multidims:plain list_start:plain list_end:plain location:plain
        ROWCOMPAREEXPR cmptype:plain opnos:operator opfamilies:plain inputcollids:plain largs:nodes rargs:nodes
        SORTGROUPCLAUSE tleSortGroupRef:plain eqop:operator sortop:operator reverse_sort:plain nulls_first:plain hashable:plain
        """;
}
