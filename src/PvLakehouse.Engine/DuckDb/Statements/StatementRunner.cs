using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Runs the statements that change tables or the catalog.</summary>
internal sealed class StatementRunner(
    DuckDbStatements duckDb, TableLookup tables, IcebergViews views, ChangeWriter changes, WholeTableWrites writes,
    IFileGroupRewriter rewriter, TimeProvider time)
{
    /// <exception cref="SqlEngineException">
    /// The statement is not understood, or failed; nothing was changed.
    /// </exception>
    public async Task<SqlResult> RunAsync(
        string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
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

    /// <summary>The filter of a condition, for choosing files of a table.</summary>
    /// <exception cref="SqlEngineException">The condition is no SQL, or chooses nothing.</exception>
    public async Task<Expression> FilterAsync(
        TableIdentifier table, string condition, CancellationToken cancellationToken)
    {
        var nothing = new Dictionary<string, object?>(StringComparer.Ordinal);
        var context = new StatementContext(duckDb, tables, views, changes, [], nothing);
        return await new DataFileRewrite(context, rewriter)
            .FilterAsync(await tables.LoadAsync(table, cancellationToken), condition, cancellationToken);
    }

    private async Task<SqlResult> RunAsync(StatementContext context, Statement statement, CancellationToken cancellationToken) => statement switch
    {
        InsertStatement insert =>
            StatementResult.Of(await new Insertion(context, writes).RunAsync(insert, cancellationToken)),
        DeleteStatement delete => StatementResult.Of(await DeleteChange.RunAsync(context, delete, cancellationToken)),
        UpdateStatement update => StatementResult.Of(await UpdateChange.RunAsync(context, update, cancellationToken)),
        MergeStatement merge => StatementResult.Of(await MergeChange.RunAsync(context, merge, cancellationToken)),
        CreateSchemaStatement create => await Definitions(context).CreateSchemaAsync(create, cancellationToken),
        DropSchemaStatement drop => await Definitions(context).DropSchemaAsync(drop, cancellationToken),
        CreateTableStatement create => await Definitions(context).CreateTableAsync(create, cancellationToken),
        DropTableStatement drop => await Definitions(context).DropTableAsync(drop, cancellationToken),
        AlterTableStatement alter => await Definitions(context).AlterTableAsync(alter, cancellationToken),
        CallStatement call => await Procedures(context).CallAsync(call, cancellationToken),
        _ =>
            throw new ArgumentException(
                $"Statements of type {statement.GetType().Name} are not known.", nameof(statement)),
    };

    private Definitions Definitions(StatementContext context) => new(context, writes, Procedures(context));

    private Procedures Procedures(StatementContext context) => new(context, rewriter, time);
}
