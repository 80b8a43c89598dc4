using System.Globalization;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>INSERT INTO and INSERT OVERWRITE.</summary>
internal sealed class Insertion(StatementContext context, WholeTableWrites writes)
{
    private const string Staged = "temp.__insert";

    public async Task<WriteOutcome> RunAsync(InsertStatement insert, CancellationToken cancellationToken)
    {
        var target = await TargetTable.FindAsync(context.Tables, insert.Target, cancellationToken);
        var columns = insert.Columns?.Select(c => target.Table.Schema.Columns[target.Place(c)].Name).ToList()
            ?? [.. target.Table.Schema.Columns.Select(c => c.Name)];
        if (columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new SqlEngineException($"Column '{twice.Key}' is named twice in the INSERT into {target.Table.Identifier}.");
        }

        return await WriteAsync(
            target.Table, insert.Query, insert.ByName ? null : columns, insert.Overwrite, target.Options, cancellationToken);
    }

    /// <summary>Adds the rows of a query.</summary>
    /// <param name="table">The table.</param>
    /// <param name="query">The query, with plain names of tables.</param>
    /// <param name="columns">The table's columns in the order of the query's; null matches them by name.</param>
    /// <param name="overwrite">Whether the partitions that get rows lose those that they have.</param>
    /// <param name="options">What the commit records.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<WriteOutcome> WriteAsync(
        Table table, string query, IReadOnlyList<string>? columns, bool overwrite, WriteOptions options, CancellationToken cancellationToken)
    {
        await context.ShowAsync(query, cancellationToken);
        var found = await context.ColumnsAsync(query, cancellationToken);
        var select = query;
        if (columns is not null)
        {
            if (found.Count != columns.Count)
            {
                throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                    $"The INSERT into {table.Identifier} has {found.Count} values in a row; expected {columns.Count}: {string.Join(", ", columns)}."));
            }

            found = [.. found.Zip(columns, (f, name) => f with { Name = name })];
            select = $"SELECT * FROM ({query}\n) AS source ({SqlText.List(columns.Select(SqlText.Name))})";
        }

        try
        {
            var rows = await StagedAsync();
            return overwrite
                ? await writes.ReplacePartitionsAsync(table, AgainAsync, options, cancellationToken)
                : await writes.AppendAsync(table, rows, options, cancellationToken);
        }
        finally
        {
            await context.DuckDb.ExecuteAsync($"DROP TABLE IF EXISTS {Staged}", CancellationToken.None);
        }

        async Task<string> AgainAsync()
        {
            await context.ShowAsync(query, cancellationToken);
            return await StagedAsync();
        }

        async Task<string> StagedAsync()
        {
            var rows = SourceColumns.Bind(table.Identifier.ToString(), table.Schema, found, SqlText.Subquery(select));
            if (ParametersOf.Text(select, context.Parameters) is not { Count: > 0 })
            {
                return rows;
            }

            await context.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE __insert AS {rows}", cancellationToken);
            return $"SELECT * FROM {Staged}";
        }
    }
}
