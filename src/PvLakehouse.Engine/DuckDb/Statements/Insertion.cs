using System.Globalization;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>INSERT INTO and INSERT OVERWRITE.</summary>
internal sealed class Insertion(StatementContext context, WholeTableWrites writes)
{
    private const string Staged = "temp.__insert";

    public async Task<WriteOutcome> RunAsync(InsertStatement insert, CancellationToken cancellationToken)
    {
        var target = await TargetTable.FindAsync(context.Tables, insert.Target, cancellationToken);
        var partition = insert.Partition.Count == 0
            ? PartitionClause.None
            : await PartitionClause.BindAsync(context, target, insert.Partition, cancellationToken);
        return await WriteAsync(
            target.Table,
            insert.Query,
            insert.ByName ? null : Columns(target, insert, partition),
            partition.Given,
            (rows, again) => (insert.Overwrite, partition.Selected) switch
            {
                (false, _) => writes.AppendAsync(target.Table, rows, target.Options, cancellationToken),
                (true, null) => writes.ReplacePartitionsAsync(target.Table, again, target.Options, cancellationToken),
                (true, { } selected) =>
                    writes.ReplaceAsync(target.Table, again, selected, target.Options, cancellationToken),
            },
            cancellationToken);
    }

    /// <summary>
    /// Commits a table that is being made or replaced, together with the rows of a query for all of its columns.
    /// </summary>
    public Task<WriteOutcome> FillAsync(Transaction transaction, string query, CancellationToken cancellationToken) =>
        WriteAsync(
        transaction,
        query,
        [.. transaction.Schema.Columns.Select(c => c.Name)],
        [],
        (rows, _) => writes.FillAsync(transaction, rows, cancellationToken),
        cancellationToken);

    /// <summary>The columns that the query gives, in its order.</summary>
    private static List<string> Columns(TargetTable target, InsertStatement insert, PartitionClause partition)
    {
        var given = partition.Given.Select(g => g.Column.Name).ToHashSet(StringComparer.Ordinal);
        var columns = insert.Columns?.Select(c => target.Table.Schema.Columns[target.Place(c)].Name).ToList()
            ?? [.. target.Table.Schema.Columns.Select(c => c.Name).Where(c => !given.Contains(c))];
        return columns.Concat(given).GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new SqlEngineException(
                $"Column '{twice.Key}' is named twice in the INSERT into {target.Table.Identifier}.")
            : columns;
    }

    /// <summary>Writes the rows of a query.</summary>
    /// <param name="table">The table.</param>
    /// <param name="query">The query, with plain names of tables.</param>
    /// <param name="columns">The table's columns in the order of the query's; null matches them by name.</param>
    /// <param name="given">Columns that the query does not give.</param>
    /// <param name="write">
    /// Writes the rows of a SELECT; what it gets beside it reads the query's tables anew and gives another.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    private async Task<WriteOutcome> WriteAsync(
        WritableTable table,
        string query,
        List<string>? columns,
        IReadOnlyList<GivenColumn> given,
        Func<string, Func<Task<string>>, Task<WriteOutcome>> write,
        CancellationToken cancellationToken)
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

        if (given.Count > 0)
        {
            found = [.. found, .. given.Select(g => g.Column)];
            select = $"SELECT *, {SqlText.List(given.Select(g => $"({g.Value}\n) AS {SqlText.Name(g.Column.Name)}"))} FROM ({select}\n)";
        }

        try
        {
            return await write(await StagedAsync(), AgainAsync);
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
