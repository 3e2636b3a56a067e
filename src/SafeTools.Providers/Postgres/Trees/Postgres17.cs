namespace SafeTools.Providers.Postgres;

/// <summary>PostgreSQL 17: MERGE has more fields, and a window function knows its own run condition.</summary>
internal static class Postgres17
{
    /// <summary>The nodes whose fields are others than in the version before; each line is the whole node.</summary>
    public const string Changes = """
        QUERY commandType=1 querySource=0 canSetTag:plain utilityStmt=<> resultRelation=0 hasAggs:plain hasWindowFuncs:plain hasTargetSRFs:plain
         hasSubLinks:plain hasDistinctOn:plain hasRecursive:plain hasModifyingCTE=false hasForUpdate=false hasRowSecurity:plain isReturn:plain
         cteList:nodes rtable:nodes rteperminfos:nodes jointree:nodes targetList:nodes override=0 onConflict=<> returningList=<> groupClause:nodes
         groupDistinct:plain groupingSets:nodes havingQual:nodes windowClause:nodes distinctClause:nodes sortClause:nodes limitOffset:nodes
         limitCount:nodes limitOption:plain rowMarks=<> setOperations:nodes constraintDeps:plain withCheckOptions=<> mergeActionList=<>
         mergeTargetRelation=0 mergeJoinCondition=<> stmt_location:plain stmt_len:plain
        WINDOWCLAUSE name:plain refname:plain partitionClause:nodes orderClause:nodes frameOptions:plain startOffset:nodes endOffset:nodes
         startInRangeFunc:function endInRangeFunc:function inRangeColl:plain inRangeAsc:plain inRangeNullsFirst:plain winref:plain copiedOrder:plain
        WINDOWFUNC winfnoid:function wintype:type wincollid:plain inputcollid:plain args:nodes aggfilter:nodes runCondition:nodes winref:plain
         winstar:plain winagg:plain location:plain
        """;
}
