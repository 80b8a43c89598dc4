using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Prepares the SELECT of a write: shows the tables that it reads and gives it the columns of the target.</summary>
internal sealed class BoundSelect(DuckDbStatements duckDb, IcebergViews views)
{
    /// <summary>A SELECT of exactly the table's columns, valid until the next statement.</summary>
    /// <param name="table">The target.</param>
    /// <param name="select">The SELECT of the caller.</param>
    /// <param name="alsoReads">Another condition whose tables must be shown, or null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SqlEngineException">The SELECT is not valid, or its columns do not fit.</exception>
    public async Task<string> BindAsync(Table table, string select, string? alsoReads, CancellationToken cancellationToken)
    {
        var statement = await SqlStatement.ParseAsync(select, duckDb, cancellationToken);
        await views.ShowAsync(statement, null, cancellationToken);
        if (alsoReads is not null)
        {
            var both = $"SELECT (SELECT 1 FROM {SqlText.Subquery(select)}), (SELECT 1 WHERE ({alsoReads}\n))";
            await views.ShowAsync(await SqlStatement.ParseAsync(both, duckDb, cancellationToken), null, cancellationToken);
        }

        var columns = await duckDb.ColumnsAsync(statement.Sql, cancellationToken);
        return SourceColumns.Bind(table.Identifier.ToString(), table.Schema, columns, SqlText.Subquery(statement.Sql));
    }
}
