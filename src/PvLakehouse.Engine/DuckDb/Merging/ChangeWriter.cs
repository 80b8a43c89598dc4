using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>Copy-on-write: only files with rows that change are rewritten, and lost races are run again from the new head.</summary>
internal sealed class ChangeWriter(DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, int conflictRetries)
{
    /// <exception cref="SqlEngineException">The change failed; nothing was written.</exception>
    public async Task<WriteOutcome> RunAsync(Table table, RowChange change, WriteOptions options, CancellationToken cancellationToken)
    {
        // As the change was bound to them; a commit that fails may already have moved the table.
        var (schema, spec) = (table.Schema, table.Spec);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await new ChangeAttempt(duckDb, reader, dataFiles, table, change, options).RunAsync(cancellationToken);
                }
                catch (CommitConflictException) when (attempt < conflictRetries)
                {
                    await table.RefreshAsync(cancellationToken);
                    CheckSame(table, schema, spec);
                    await change.AgainAsync(cancellationToken);
                }
                catch (CommitConflictException error)
                {
                    throw new SqlEngineException(
                        $"Table {table.Identifier} was changed by others during each of {attempt + 1} attempts to {change.Doing}; nothing was written. Try again when they are done.", error);
                }
            }
        }
        finally
        {
            await duckDb.ExecuteAsync($"DROP TABLE IF EXISTS {RowChange.Changes}", CancellationToken.None);
        }
    }

    private static void CheckSame(Table table, Schema schema, PartitionSpec spec)
    {
        if (!table.Schema.HasSameFields(schema) || !table.Spec.Equals(spec))
        {
            throw new SqlEngineException($"The columns or partitions of table {table.Identifier} were changed meanwhile; nothing was written. Run the statement again.");
        }
    }
}
