namespace SafeTools.Providers.Postgres;

/// <summary>PostgreSQL 16: what may be done with a relation stands in a node of its own, RTEPermissionInfo (src/include/nodes/parsenodes.h).</summary>
internal static class Postgres16
{
    /// <summary>The nodes whose fields are others than in the version before; each line is the whole node.</summary>
    public const string Changes = """
        QUERY commandType=1 querySource=0 canSetTag:plain utilityStmt=<> resultRelation=0 hasAggs:plain hasWindowFuncs:plain hasTargetSRFs:plain
         hasSubLinks:plain hasDistinctOn:plain hasRecursive:plain hasModifyingCTE=false hasForUpdate=false hasRowSecurity:plain isReturn:plain
         cteList:nodes rtable:nodes rteperminfos:nodes jointree:nodes targetList:nodes override=0 onConflict=<> returningList=<> groupClause:nodes
         groupDistinct:plain groupingSets:nodes havingQual:nodes windowClause:nodes distinctClause:nodes sortClause:nodes limitOffset:nodes
         limitCount:nodes limitOption:plain rowMarks=<> setOperations:nodes constraintDeps:plain withCheckOptions=<> mergeActionList=<>
         mergeUseOuterJoin=false stmt_location:plain stmt_len:plain
        RANGETBLENTRY alias:nodes eref:nodes rtekind=0|1|2|3|5|6 relid:relation inh:plain relkind=r|v|m|p|<> rellockmode=0|1 perminfoindex:plain
         tablesample:nodes subquery:nodes security_barrier:plain jointype:plain joinmergedcols:plain joinaliasvars:nodes joinleftcols:plain
         joinrightcols:plain join_using_alias:nodes functions:nodes funcordinality:plain values_lists:nodes coltypes:type coltypmods:plain
         colcollations:plain ctename:plain ctelevelsup:plain self_reference:plain lateral:plain inFromCl:plain securityQuals:nodes
        RTEPERMISSIONINFO relid:relation inh:plain requiredPerms=0|2 checkAsUser:plain selectedCols:plain insertedCols=<> updatedCols=<>
        AGGREF aggfnoid:function aggtype:type aggcollid:plain inputcollid:plain aggtranstype:type aggargtypes:type aggdirectargs:nodes args:nodes
         aggorder:nodes aggdistinct:nodes aggfilter:nodes aggstar:plain aggvariadic:plain aggkind:plain aggpresorted:plain agglevelsup:plain aggsplit=0
         aggno:plain aggtransno:plain location:plain
        VAR varno:plain varattno:plain vartype:type vartypmod:plain varcollid:plain varnullingrels:plain varlevelsup:plain varnosyn:plain
         varattnosyn:plain location:plain
        """;
}
