using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>Copy-on-write: only files with rows that change are rewritten, and lost races are run again from the new head.</summary>
internal sealed class ChangeWriter(DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, int conflictRetries)
{
    /// <exception cref="SqlEngineException">The change failed; nothing was written.</exception>
    public async Task<WriteOutcome> RunAsync(Table table, RowChange change, WriteOptions options, CancellationToken cancellationToken)
    {
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
                    await RefreshAsync(table, cancellationToken);
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

    private static async Task RefreshAsync(Table table, CancellationToken cancellationToken)
    {
        var (schema, spec) = (table.Schema, table.Spec);
        await table.RefreshAsync(cancellationToken);
        if (!table.Schema.HasSameFields(schema) || !table.Spec.Equals(spec))
        {
            throw new SqlEngineException($"The columns or partitions of table {table.Identifier} were changed meanwhile; nothing was written. Run the statement again.");
        }
    }
}
