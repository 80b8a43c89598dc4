using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Sql.TimeTravel;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>What the parts of one statement share while it runs.</summary>
/// <param name="DuckDb">The session's connection.</param>
/// <param name="Tables">The catalog's tables.</param>
/// <param name="Views">The tables that DuckDB sees.</param>
/// <param name="Changes">Writes changed rows.</param>
/// <param name="Travels">What names of tables at other versions mean in the statement.</param>
/// <param name="Parameters">Values of the statement's parameters.</param>
internal sealed record StatementContext(
    DuckDbStatements DuckDb,
    TableLookup Tables,
    IcebergViews Views,
    ChangeWriter Changes,
    IReadOnlyList<TravelReference> Travels,
    IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>Shows DuckDB the tables of a query that is part of the statement, and gives its syntax tree.</summary>
    public async Task<SqlStatement> ShowAsync(string query, CancellationToken cancellationToken)
    {
        var statement = await ParseAsync(query, cancellationToken);
        await Views.ShowAsync(statement, Parameters, cancellationToken);
        return statement;
    }

    /// <summary>The syntax tree of a query that is part of the statement.</summary>
    public Task<SqlStatement> ParseAsync(string query, CancellationToken cancellationToken) =>
        SqlStatement.ParseAsync(query, Travels, DuckDb, cancellationToken);

    /// <summary>The names and types of a query's columns, found without computing rows.</summary>
    public async Task<IReadOnlyList<SqlColumn>> ColumnsAsync(string query, CancellationToken cancellationToken)
    {
        // DESCRIBE takes no parameters, but making a table does.
        await ExecuteAsync($"CREATE OR REPLACE TEMP TABLE __columns AS SELECT * FROM ({query}\n) LIMIT 0", cancellationToken);
        var columns = await DuckDb.ColumnsAsync("SELECT * FROM temp.__columns", cancellationToken);
        await DuckDb.ExecuteAsync("DROP TABLE temp.__columns", cancellationToken);
        return columns;
    }

    /// <summary>Runs a statement of DuckDB with those parameters that its text has.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        DuckDb.ExecuteAsync(sql, ParametersOf.Text(sql, Parameters), cancellationToken);
}
