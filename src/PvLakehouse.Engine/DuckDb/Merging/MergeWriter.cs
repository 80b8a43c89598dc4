using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>Copy-on-write merge: only files with rows that change are rewritten, and lost races are run again from the new head.</summary>
internal sealed class MergeWriter(
    DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, TableLookup tables, BoundSelect selects, int conflictRetries)
{
    public async Task<WriteOutcome> MergeAsync(
        TableIdentifier target, string select, MergeOptions options, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(target, cancellationToken);
        var columns = new MergeColumns(table, options);
        var source = await StageAsync(table, select, columns, options, cancellationToken);
        var scope = await MissingScopeAsync(table, options, cancellationToken);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await new MergeAttempt(duckDb, reader, dataFiles, table, source, columns, options, scope).RunAsync(cancellationToken);
                }
                catch (CommitConflictException) when (attempt < conflictRetries)
                {
                    await RefreshAsync(table, cancellationToken);
                    if (ReadsItself(target, select))
                    {
                        // Rows made of rows that others have changed since would undo those changes.
                        source = await StageAsync(table, select, columns, options, cancellationToken);
                    }
                }
                catch (CommitConflictException error)
                {
                    throw new SqlEngineException(
                        $"Table {target} was changed by others during each of {attempt + 1} attempts to merge into it; nothing was written. Try again when they are done.", error);
                }
            }
        }
        finally
        {
            await duckDb.ExecuteAsync(
                "DROP TABLE IF EXISTS temp.__merge_source; DROP TABLE IF EXISTS temp.__merge_matches; DROP TABLE IF EXISTS temp.__merge_gone",
                CancellationToken.None);
        }
    }

    private async Task<MergeSource> StageAsync(
        Table table, string select, MergeColumns columns, MergeOptions options, CancellationToken cancellationToken)
    {
        var bound = await selects.BindAsync(table, select, options.DeleteMissing, cancellationToken);
        return await MergeSource.StageAsync(duckDb, table, columns, bound, cancellationToken);
    }

    private static bool ReadsItself(TableIdentifier target, string select) =>
        TableMention.In(select).Any(TableLookup.MentionOf(target).IsSame);

    /// <summary>Which target rows the deletion of missing ones can concern, as far as its predicate tells.</summary>
    private async Task<Expression> MissingScopeAsync(Table table, MergeOptions options, CancellationToken cancellationToken)
    {
        if (options.DeleteMissing is not { } predicate)
        {
            return Expression.False;
        }

        var mention = TableLookup.MentionOf(table.Identifier);
        var statement = await SqlStatement.ParseAsync(
            $"SELECT 1 FROM {DuckDbConnectionFactory.Catalog}.{SqlText.Name(mention.Namespace)}.{SqlText.Name(mention.Name)} WHERE ({predicate}\n)",
            duckDb, cancellationToken);
        return TableReferences.In(statement.Tree!.Value, m => m.IsSame(mention) ? table.Schema : null, new Dictionary<string, object?>(StringComparer.Ordinal))
            .First(r => r.Mention.IsSame(mention)).Filter;
    }

    private static async Task RefreshAsync(Table table, CancellationToken cancellationToken)
    {
        var (schema, spec) = (table.Schema, table.Spec);
        await table.RefreshAsync(cancellationToken);
        if (!table.Schema.HasSameFields(schema) || !table.Spec.Equals(spec))
        {
            throw new SqlEngineException($"The columns or partitions of table {table.Identifier} were changed during the merge; nothing was written. Run it again.");
        }
    }
}
