using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Runs the statements that change tables or the catalog.</summary>
internal sealed class StatementRunner(
    DuckDbStatements duckDb, TableLookup tables, IcebergViews views, ChangeWriter changes, WholeTableWrites writes)
{
    /// <exception cref="SqlEngineException">The statement is not understood, or failed; nothing was changed.</exception>
    public async Task<SqlResult> RunAsync(string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        var travel = SqlStatement.Travel(sql);
        var statement = StatementParser.Parse(travel.Sql);
        var context = new StatementContext(duckDb, tables, views, changes, travel.References, parameters);
        try
        {
            return await RunAsync(context, statement, cancellationToken);
        }
        catch (SqlEngineException failure)
        {
            throw await tables.WithFullNameAsync(failure, cancellationToken);
        }
        catch (Exception error) when (error is IcebergException or ArgumentException or NotSupportedException)
        {
            // The library's sentences say what was wrong with what the statement asked for.
            throw new SqlEngineException(error.Message, error);
        }
    }

    private async Task<SqlResult> RunAsync(StatementContext context, Statement statement, CancellationToken cancellationToken) => statement switch
    {
        InsertStatement insert => StatementResult.Of(await new Insertion(context, writes).RunAsync(insert, cancellationToken)),
        DeleteStatement delete => StatementResult.Of(await DeleteChange.RunAsync(context, delete, cancellationToken)),
        UpdateStatement update => StatementResult.Of(await UpdateChange.RunAsync(context, update, cancellationToken)),
        MergeStatement merge => StatementResult.Of(await MergeChange.RunAsync(context, merge, cancellationToken)),
        _ => throw new ArgumentException($"Statements of type {statement.GetType().Name} are not known.", nameof(statement)),
    };
}
