namespace SafeTools.Providers.Postgres;

/// <summary>
/// PostgreSQL 15, src/backend/nodes/outfuncs.c. Only what a SELECT without side effects is made of: no XML (its parser is a world of its own), no
/// table function of XML, no row locks, nothing that assigns. <c>&lt;&gt;</c> stands for an empty field.
/// </summary>
internal static class Postgres15
{
    public const string Nodes = """
        QUERY commandType=1 querySource=0 canSetTag:plain utilityStmt=<> resultRelation=0 hasAggs:plain hasWindowFuncs:plain hasTargetSRFs:plain
         hasSubLinks:plain hasDistinctOn:plain hasRecursive:plain hasModifyingCTE=false hasForUpdate=false hasRowSecurity:plain isReturn:plain
         cteList:nodes rtable:nodes jointree:nodes targetList:nodes override=0 onConflict=<> returningList=<> groupClause:nodes groupDistinct:plain
         groupingSets:nodes havingQual:nodes windowClause:nodes distinctClause:nodes sortClause:nodes limitOffset:nodes limitCount:nodes
         limitOption:plain rowMarks=<> setOperations:nodes constraintDeps:plain withCheckOptions=<> mergeActionList=<> mergeUseOuterJoin=false
         stmt_location:plain stmt_len:plain
        RANGETBLENTRY alias:nodes eref:nodes rtekind=0|1|2|3|5|6 relid:relation relkind=r|v|m|p rellockmode=1 tablesample:nodes subquery:nodes
         security_barrier:plain jointype:plain joinmergedcols:plain joinaliasvars:nodes joinleftcols:plain joinrightcols:plain
         join_using_alias:nodes functions:nodes funcordinality:plain values_lists:nodes coltypes:type coltypmods:plain colcollations:plain
         ctename:plain ctelevelsup:plain self_reference:plain lateral:plain inh:plain inFromCl:plain requiredPerms=0|2 checkAsUser:plain
         selectedCols:plain insertedCols=<> updatedCols=<> extraUpdatedCols=<> securityQuals:nodes
        ALIAS aliasname:plain colnames:plain
        FROMEXPR fromlist:nodes quals:nodes
        JOINEXPR jointype:plain isNatural:plain larg:nodes rarg:nodes usingClause:plain join_using_alias:nodes quals:nodes alias:nodes rtindex:plain
        RANGETBLREF rtindex:plain
        RANGETBLFUNCTION funcexpr:nodes funccolcount:plain funccolnames:plain funccoltypes:type funccoltypmods:plain funccolcollations:plain
         funcparams:plain
        TABLESAMPLECLAUSE tsmhandler:sampling args:nodes repeatable:nodes
        COMMONTABLEEXPR ctename:plain aliascolnames:plain ctematerialized=0|1 ctequery:nodes search_clause:nodes cycle_clause:nodes location:plain
         cterecursive:plain cterefcount:plain ctecolnames:plain ctecoltypes:type ctecoltypmods:plain ctecolcollations:plain
        CTESEARCHCLAUSE search_col_list:plain search_breadth_first:plain search_seq_column:plain location:plain
        CTECYCLECLAUSE cycle_col_list:plain cycle_mark_column:plain cycle_mark_value:nodes cycle_mark_default:nodes cycle_path_column:plain
         location:plain cycle_mark_type:type cycle_mark_typmod:plain cycle_mark_collation:plain cycle_mark_neop:operator
        SETOPERATIONSTMT op:plain all:plain larg:nodes rarg:nodes colTypes:type colTypmods:plain colCollations:plain groupClauses:nodes
        SORTGROUPCLAUSE tleSortGroupRef:plain eqop:operator sortop:operator nulls_first:plain hashable:plain
        GROUPINGSET kind:plain content:nodes location:plain
        WINDOWCLAUSE name:plain refname:plain partitionClause:nodes orderClause:nodes frameOptions:plain startOffset:nodes endOffset:nodes
         runCondition:nodes startInRangeFunc:function endInRangeFunc:function inRangeColl:plain inRangeAsc:plain inRangeNullsFirst:plain
         winref:plain copiedOrder:plain
        TARGETENTRY expr:nodes resno:plain resname:plain ressortgroupref:plain resorigtbl:plain resorigcol:plain resjunk:plain
        VAR varno:plain varattno:plain vartype:type vartypmod:plain varcollid:plain varlevelsup:plain varnosyn:plain varattnosyn:plain location:plain
        CONST consttype:type consttypmod:plain constcollid:plain constlen:plain constbyval:plain constisnull:plain location:plain constvalue:constant
        PARAM paramkind=0|2 paramid:plain paramtype:type paramtypmod:plain paramcollid:plain location:plain
        AGGREF aggfnoid:function aggtype:type aggcollid:plain inputcollid:plain aggtranstype:type aggargtypes:type aggdirectargs:nodes args:nodes
         aggorder:nodes aggdistinct:nodes aggfilter:nodes aggstar:plain aggvariadic:plain aggkind:plain agglevelsup:plain aggsplit=0 aggno:plain
         aggtransno:plain location:plain
        GROUPINGFUNC args:nodes refs:plain cols:plain agglevelsup:plain location:plain
        WINDOWFUNC winfnoid:function wintype:type wincollid:plain inputcollid:plain args:nodes aggfilter:nodes winref:plain winstar:plain winagg:plain
         location:plain
        SUBSCRIPTINGREF refcontainertype:type refelemtype:type refrestype:type reftypmod:plain refcollid:plain refupperindexpr:nodes
         reflowerindexpr:nodes refexpr:nodes refassgnexpr=<>
        FUNCEXPR funcid:function funcresulttype:type funcretset:plain funcvariadic:plain funcformat:plain funccollid:plain inputcollid:plain args:nodes
         location:plain
        NAMEDARGEXPR arg:nodes name:plain argnumber:plain location:plain
        OPEXPR opno:operator opfuncid:function opresulttype:type opretset:plain opcollid:plain inputcollid:plain args:nodes location:plain
        DISTINCTEXPR opno:operator opfuncid:function opresulttype:type opretset:plain opcollid:plain inputcollid:plain args:nodes location:plain
        NULLIFEXPR opno:operator opfuncid:function opresulttype:type opretset:plain opcollid:plain inputcollid:plain args:nodes location:plain
        SCALARARRAYOPEXPR opno:operator opfuncid:function hashfuncid:function negfuncid:function useOr:plain inputcollid:plain args:nodes location:plain
        BOOLEXPR boolop:plain args:nodes location:plain
        SUBLINK subLinkType:plain subLinkId:plain testexpr:nodes operName:plain subselect:nodes location:plain
        FIELDSELECT arg:nodes fieldnum:plain resulttype:type resulttypmod:plain resultcollid:plain
        RELABELTYPE arg:nodes resulttype:type resulttypmod:plain resultcollid:plain relabelformat:plain location:plain
        COERCEVIAIO arg:nodes resulttype:type resultcollid:plain coerceformat:plain location:plain
        ARRAYCOERCEEXPR arg:nodes elemexpr:nodes resulttype:type resulttypmod:plain resultcollid:plain coerceformat:plain location:plain
        CONVERTROWTYPEEXPR arg:nodes resulttype:type convertformat:plain location:plain
        COLLATEEXPR arg:nodes collOid:plain location:plain
        CASEEXPR casetype:type casecollid:plain arg:nodes args:nodes defresult:nodes location:plain
        CASEWHEN expr:nodes result:nodes location:plain
        CASETESTEXPR typeId:type typeMod:plain collation:plain
        ARRAYEXPR array_typeid:type array_collid:plain element_typeid:type elements:nodes multidims:plain location:plain
        ROWEXPR args:nodes row_typeid:type row_format:plain colnames:plain location:plain
        ROWCOMPAREEXPR rctype:plain opnos:operator opfamilies:plain inputcollids:plain largs:nodes rargs:nodes
        COALESCEEXPR coalescetype:type coalescecollid:plain args:nodes location:plain
        MINMAXEXPR minmaxtype:type minmaxcollid:plain inputcollid:plain op:plain args:nodes location:plain
        SQLVALUEFUNCTION op:plain type:type typmod:plain location:plain
        NULLTEST arg:nodes nulltesttype:plain argisrow:plain location:plain
        BOOLEANTEST arg:nodes booltesttype:plain location:plain
        COERCETODOMAIN arg:nodes resulttype:type resulttypmod:plain resultcollid:plain coercionformat:plain location:plain
        COERCETODOMAINVALUE typeId:type typeMod:plain collation:plain location:plain
        """;
}
