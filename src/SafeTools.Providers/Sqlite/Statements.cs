using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>Runs one statement on an open database.</summary>
internal static class Statements
{
    public static Execution Run(ReadOnlyDatabase database, OperationRequest request, string sql, Deadline deadline)
    {
        if (!PreparedRead.TryPrepare(database.Handle, sql, database.Fault, out var statement, out var refusal))
            return new Execution.Failed(refusal);
        using (statement)
        {
            if (Restrain(database) is { } tooCostly)
                return new Execution.Failed(tooCostly);
            var parameters = request.Operation.SpecDeclaresParameters ? request.Parameters : [];
            if (!Placeholders.Bind(statement, parameters, request.Arguments))
                return new Execution.Failed(RefusalCatalog.InvalidStatement.Because("The statement holds a placeholder that no parameter fills."));
            return new RowReader(database, statement, request.Limits, deadline).Read();
        }
    }

    /// <summary>What the engine cannot be interrupted in is made small instead.</summary>
    private static Refusal? Restrain(ReadOnlyDatabase database)
    {
        var (searching, matching) = (database.Authorizer.SearchingCalls, database.Authorizer.MatchingCalls);
        if (searching + matching > EngineHardening.MostSearches)
            return RefusalCatalog.StatementTooCostly.Because($"The statement searches in text more than {EngineHardening.MostSearches} times.");
        if (searching > 0)
            raw.sqlite3_limit(database.Handle, raw.SQLITE_LIMIT_LENGTH, EngineHardening.LongestSearchedValue);
        return null;
    }
}
