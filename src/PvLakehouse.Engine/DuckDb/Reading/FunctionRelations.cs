using PvLakehouse.Engine.Sql.Functions;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Computes the table functions that a statement calls, as temporary tables of its session.</summary>
internal sealed class FunctionRelations(DuckDbStatements duckDb, RowStager stager, IReadOnlyList<SqlTableFunction> functions)
{
    /// <summary>The statement with relations in place of calls; they are there until the next statement that calls.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Values of the statement's parameters, which arguments may be.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SqlEngineException">An argument is no constant, or the function refuses it.</exception>
    public async Task<string> StageAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        var (rewritten, calls) = FunctionRewriter.Rewrite(sql, DuckDbInstance.Catalog, functions);
        foreach (var call in calls)
        {
            var arguments = await ArgumentsAsync(call, parameters, cancellationToken);
            await stager.StageAsync(call.Relation, call.Function.Columns, call.Function.Rows(arguments, cancellationToken), cancellationToken);
        }

        return rewritten;
    }

    private async Task<IReadOnlyList<object?>> ArgumentsAsync(
        FunctionCall call, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(call.Arguments))
        {
            return [];
        }

        var used = parameters?.Where(p => call.Arguments.Contains($"${p.Key}", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        try
        {
            return (await duckDb.RowsAsync($"SELECT {call.Arguments}", used, cancellationToken))[0];
        }
        catch (SqlEngineException error)
        {
            throw new SqlEngineException(
                $"The arguments of {call.Function.Namespace}.{call.Function.Name} must be constants; '{call.Arguments}' is not: {error.Message}", error);
        }
    }
}
