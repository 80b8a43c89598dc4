using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Makes a change on the newest base and commits it, again and again while others come first.</summary>
internal sealed class CommitLoop(Table table)
{
    /// <summary>How often an unknown outcome is looked up before giving up.</summary>
    private const int StatusChecks = 3;

    /// <summary>Runs until the change is committed.</summary>
    /// <param name="prepare">Makes the change on a base; called once for each attempt, numbered from 0.</param>
    /// <param name="isApplied">
    /// Tells from the table's metadata whether the change happened; null when it cannot be told.
    /// </param>
    /// <param name="cancellationToken">Stops between attempts, never in the middle of one.</param>
    /// <returns>The number of the attempt that was committed.</returns>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public async Task<int> RunAsync(
        Func<int, TableMetadata, Task<TableMetadataBuilder>> prepare,
        Func<TableMetadata, bool>? isApplied,
        CancellationToken cancellationToken)
    {
        // Before anything is written that nobody would ever refer to.
        (table.Catalog as StaticCatalog)?.Refuse();
        var (time, ids) = table.Context;
        var policy = RetryPolicy.From(table.Metadata.Properties);
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var builder = await prepare(attempt, table.Metadata);
            if (builder.Changes.Count == 0)
            {
                return attempt;
            }

            var requirements = TableRequirements.For(table.Metadata, builder.Changes);
            switch (await TryAsync(requirements, builder.Changes, cancellationToken))
            {
                case CommitOutcome.Committed done:
                    table.MoveTo(done.Metadata, done.MetadataLocation);
                    return attempt;
                case CommitOutcome.Unknown unknown:
                    await CheckAsync(unknown, isApplied, policy);
                    return attempt;
                case CommitOutcome.Conflict conflict when attempt >= policy.Retries || time.GetElapsedTime(started) > policy.Total:
                    throw new CommitConflictException(
                        $"Table {table.Identifier}: the commit was tried {attempt + 1} times and others came first "
                        + "each time. "
                        + $"The last time: {conflict.Reason} Refresh the table and do the work again.");
            }

            await Task.Delay(policy.Wait(attempt, ids.NextDouble()), time, cancellationToken);
            await table.RefreshAsync(cancellationToken);
        }
    }

    /// <summary>Commits; a failure that no catalog should let out says nothing about the outcome.</summary>
    private async Task<CommitOutcome> TryAsync(
        IReadOnlyList<TableRequirement> requirements, IReadOnlyList<TableUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await table.Catalog.CommitTableAsync(table.Identifier, requirements, updates, cancellationToken);
        }
        catch (Exception e) when (e is not (IcebergException or IOException or OperationCanceledException))
        {
            return new CommitOutcome.Unknown($"The catalog failed unexpectedly: {e.Message}", e);
        }
    }

    /// <summary>
    /// Looks whether a change of unknown outcome is there. Cancellation is ignored: the answer is worth more.
    /// </summary>
    private async Task CheckAsync(CommitOutcome.Unknown unknown, Func<TableMetadata, bool>? isApplied, RetryPolicy policy)
    {
        for (var check = 0; isApplied is not null && check < StatusChecks; check++)
        {
            try
            {
                await table.RefreshAsync(CancellationToken.None);
                if (isApplied(table.Metadata))
                {
                    return;
                }
            }
            catch (Exception e) when (e is IcebergException or IOException or System.Data.Common.DbException)
            {
                // The catalog is still not answering; the next check may find it again.
            }

            await Task.Delay(policy.Wait(check, table.Context.Ids.NextDouble()), table.Context.Time, CancellationToken.None);
        }

        throw new CommitStateUnknownException(
            $"Table {table.Identifier}: it is not known whether the commit happened. {unknown.Reason} Nothing was "
            + "deleted; load "
            + "the table and look before doing the work again.",
            unknown.Cause);
    }
}
