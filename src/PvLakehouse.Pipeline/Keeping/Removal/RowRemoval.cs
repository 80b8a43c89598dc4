using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Keeping.Removal;

/// <summary>Deletes rows of a table by a condition, so that later runs go on as if nothing else had changed.</summary>
/// <remarks>
/// What the table knows of its days and its sources is recorded again with the deletion: a bronze table does not ask for
/// deleted days again (unless told to, by <c>--refresh</c> or by the days that a run always reads again). Earlier snapshots
/// keep the rows until they are erased.
/// </remarks>
public sealed class RowRemoval(Lake lake)
{
    /// <summary>Says what a condition would delete.</summary>
    /// <param name="table">The table.</param>
    /// <param name="condition">Which rows, in SQL.</param>
    /// <param name="mayBeAll">Whether all rows may be meant; a condition that somebody typed is refused then.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PipelineException">The condition holds for every row; a table is emptied by purge.</exception>
    /// <exception cref="SqlEngineException">The condition is no SQL over the table's columns.</exception>
    public async Task<RemovalPlan> PlanAsync(
        TableIdentifier table, string condition, bool mayBeAll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrWhiteSpace(condition);
        var loaded = await lake.Catalog.LoadTableAsync(table, cancellationToken);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var result = await session.QueryAsync(
            $"SELECT count(*) FILTER (WHERE ({condition}\n)), count(*) FROM iceberg.{table}", parameters: null, cancellationToken);
        var row = (await result.ToListAsync(cancellationToken))[0];
        var (rows, all) = (Count(row[0]), Count(row[1]));
        if (rows == all && rows > 0 && !mayBeAll)
        {
            throw new PipelineException(
                $"The condition holds for all {all} rows of {table}; a table is emptied by 'pvlake purge {table}', not row by row.");
        }

        var files = await loaded.NewScan().PlanFilesAsync(cancellationToken).CountAsync(cancellationToken);
        return new RemovalPlan(table, condition, rows, all, files, loaded.Metadata.Snapshots.Count, OtherRefs(loaded.Metadata));
    }

    /// <summary>Deletes what a plan says.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SqlEngineException">Another writer was faster again and again.</exception>
    public async Task<long> RunAsync(RemovalPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var before = await lake.Catalog.LoadTableAsync(plan.Table, cancellationToken);
        var known = Watermarks(before.Metadata);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var result = await session.RunAsync(
            $"DELETE FROM iceberg.{plan.Table} WHERE ({plan.Condition}\n)", parameters: null, cancellationToken);
        var row = (await result.ToListAsync(cancellationToken))[0];
        var deleted = Count(row[result.Columns.ToList().FindIndex(column => column.Name == "rows_deleted")]);
        if (deleted > 0 && known.Count > 0)
        {
            // Runs look for the watermarks in the ancestors of the head too; recorded again they outlive the expiry of those.
            await session.AppendAsync(
                plan.Table, $"SELECT * FROM iceberg.{plan.Table} WHERE false",
                new WriteOptions { SnapshotProperties = known, CommitWhenEmpty = true }, cancellationToken);
        }

        return deleted;
    }

    /// <summary>Removes every earlier snapshot of a table and the files that only those lead to.</summary>
    /// <exception cref="PipelineException">A branch or tag still names an earlier snapshot, or a file could not be removed.</exception>
    public async Task EraseHistoryAsync(TableIdentifier table, CancellationToken cancellationToken)
    {
        var loaded = await lake.Catalog.LoadTableAsync(table, cancellationToken);
        if (OtherRefs(loaded.Metadata) is [var name, ..])
        {
            throw new PipelineException(
                $"'{name}' of {table} still names a snapshot with the rows; drop it first, by 'pvlake table branch' or 'pvlake table "
                + "tag'.");
        }

        var expired = await loaded.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RetainLast(1).RunAsync(cancellationToken);
        var orphans = await loaded.RemoveOrphanFiles().OlderThan(DateTimeOffset.MaxValue).AllowRecent().RunAsync(cancellationToken);
        if ((expired.FirstFailure ?? orphans.FirstFailure) is { } failure)
        {
            throw new PipelineException($"Some files of {table} could not be removed; run the same command again. The first: {failure}");
        }
    }

    private static IReadOnlyList<string> OtherRefs(TableMetadata metadata) =>
        [.. metadata.Refs.Where(named => named.Key != SnapshotRef.Main && named.Value.SnapshotId != metadata.CurrentSnapshotId).Select(
            named => named.Key)];

    private static Dictionary<string, string> Watermarks(TableMetadata metadata)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var snapshot in metadata.CurrentSnapshotId is { } head ? metadata.Ancestors(head) : [])
        {
            foreach (var (key, value) in snapshot.Summary.Where(
                property => property.Key.StartsWith(Watermark.Prefix, StringComparison.Ordinal)))
            {
                known.TryAdd(key, value);
            }
        }

        return known;
    }

    private static long Count(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}

/// <summary>What a deletion would do.</summary>
/// <param name="Table">The table.</param>
/// <param name="Condition">Which rows go, in SQL.</param>
/// <param name="Rows">How many.</param>
/// <param name="AllRows">How many the table has.</param>
/// <param name="Files">Data files of the table.</param>
/// <param name="Snapshots">Snapshots, which keep the rows until they are erased.</param>
/// <param name="Refs">Branches and tags that name an earlier snapshot.</param>
public sealed record RemovalPlan(
    TableIdentifier Table, string Condition, long Rows, long AllRows, int Files, int Snapshots, IReadOnlyList<string> Refs);
