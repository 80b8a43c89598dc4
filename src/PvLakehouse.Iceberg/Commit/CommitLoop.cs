using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Reporting;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Makes changes on the newest base and commits them, again and again while others come first; cleans up afterwards.
/// </summary>
/// <param name="catalog">The catalog of the tables.</param>
/// <param name="context">Clock and ids.</param>
/// <param name="sets">The changes of each table; all are committed in one step.</param>
internal sealed class CommitLoop(ICatalog catalog, CommitContext context, IReadOnlyList<ChangeSet> sets)
{
    /// <summary>How often an unknown outcome is looked up before giving up.</summary>
    private const int StatusChecks = 3;

    private string Names => string.Join(", ", sets.Select(s => s.Identifier));

    /// <summary>Runs until the changes are committed.</summary>
    /// <param name="cancellationToken">Stops between attempts, never in the middle of one.</param>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="AlreadyExistsException">A table that was to be made is there.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the changes happened.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Before anything is written that nobody would ever refer to.
        (catalog as StaticCatalog)?.Refuse();
        var started = context.Time.GetTimestamp();
        int attempts;
        try
        {
            attempts = await TryUntilCommittedAsync(started, cancellationToken);
        }
        catch (Exception e) when (e is not CommitStateUnknownException)
        {
            // Everything else says that the commit did not happen, so nobody refers to its files.
            await CleanUpAsync(committed: false);
            throw;
        }

        await CleanUpAsync(committed: true);
        Report(attempts, context.Time.GetElapsedTime(started));
    }

    private void Report(int attempts, TimeSpan duration)
    {
        foreach (var set in sets.Where(s => s.Result is not null))
        {
            foreach (var added in set.Made.Changes.OfType<TableUpdate.AddSnapshot>())
            {
                context.Reporter.TryReport(
                    CommitReport.Of(catalog.Name, set.Identifier, added.Snapshot, attempts, duration));
            }
        }
    }

    /// <returns>The number of attempts.</returns>
    private async Task<int> TryUntilCommittedAsync(long started, CancellationToken cancellationToken)
    {
        RetryPolicy? policy = null;
        for (var attempt = 0; ; attempt++)
        {
            var changed = new List<ChangeSet>(sets.Count);
            foreach (var set in sets)
            {
                var made = await MakeAsync(set, cancellationToken);
                policy ??= RetryPolicy.From(made.Current.Properties);
                if (made.Changes.Count > 0)
                {
                    changed.Add(set);
                }
            }

            if (changed.Count == 0)
            {
                return attempt;
            }

            switch (await TryAsync([.. changed.Select(s => s.ToCommit())], cancellationToken))
            {
                case TablesCommitOutcome.Committed done:
                    for (var i = 0; i < changed.Count; i++)
                    {
                        changed[i].Finish(done.Tables[i]);
                    }

                    return attempt + 1;
                case TablesCommitOutcome.Unknown unknown:
                    await CheckAsync(unknown, changed, policy!);
                    return attempt + 1;
                case TablesCommitOutcome.Conflict conflict
                    when attempt >= policy!.Retries || context.Time.GetElapsedTime(started) > policy.Total:
                    throw new CommitConflictException(
                        $"Table {Names}: the commit was tried {attempt + 1} times and others came first each time. "
                        + $"The last time: {conflict.Reason} Refresh the table and do the work again.");
            }

            await Task.Delay(policy!.Wait(attempt, context.Ids.NextDouble()), context.Time, cancellationToken);
            await RefreshAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes the changes of a table. Others may replace the snapshot that they start from and expire it before it is read: then they start
    /// from the newest one.
    /// </summary>
    private async Task<TableMetadataBuilder> MakeAsync(ChangeSet set, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = set.Table?.MetadataLocation;
            try
            {
                return await set.MakeAsync(cancellationToken);
            }
            catch (IcebergFormatException gone) when (gone.InnerException is FileNotFoundException && before is not null)
            {
                await set.RefreshAsync(catalog, cancellationToken);
                if (set.Table?.MetadataLocation == before)
                {
                    // Nobody came first: the file is missing from the table as it is.
                    throw;
                }
            }
        }
    }

    /// <summary>
    /// Commits; a failure that no catalog should let out says nothing about the outcome, and neither does a cancellation
    /// that nobody asked for: a client's way to say that it waited too long.
    /// </summary>
    private async Task<TablesCommitOutcome> TryAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken)
    {
        try
        {
            return commits is [var one]
                ? OfOne(await catalog.CommitTableAsync(one.Identifier, one.Requirements, one.Updates, cancellationToken))
                : await catalog.CommitTablesAsync(commits, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException
            ? !cancellationToken.IsCancellationRequested
            : e is not (IcebergException or IOException or NotSupportedException))
        {
            return new TablesCommitOutcome.Unknown($"The catalog failed unexpectedly: {e.Message}", e);
        }
    }

    private static TablesCommitOutcome OfOne(CommitOutcome outcome) => outcome switch
    {
        CommitOutcome.Committed done => new TablesCommitOutcome.Committed([done]),
        CommitOutcome.Conflict conflict => new TablesCommitOutcome.Conflict(conflict.Reason),
        CommitOutcome.Unknown unknown => new TablesCommitOutcome.Unknown(unknown.Reason, unknown.Cause),
        _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
    };

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (var set in sets)
        {
            await set.RefreshAsync(catalog, cancellationToken);
        }
    }

    /// <summary>
    /// Looks whether changes of unknown outcome are there. Cancellation is ignored: the answer is worth more.
    /// </summary>
    /// <remarks>No failure of the catalog may pass for one of the commit: its files would be removed.</remarks>
    private async Task CheckAsync(TablesCommitOutcome.Unknown unknown, List<ChangeSet> changed, RetryPolicy policy)
    {
        for (var check = 0; check < StatusChecks; check++)
        {
            try
            {
                var loaded = new List<Table>(changed.Count);
                foreach (var set in changed)
                {
                    loaded.Add(await catalog.LoadTableAsync(set.Identifier, CancellationToken.None));
                }

                // All happened or none did, so one that shows it is enough.
                if (changed.Zip(loaded).Any(pair => pair.First.IsIn(pair.Second.Metadata)))
                {
                    foreach (var (set, table) in changed.Zip(loaded))
                    {
                        set.Finish(new CommitOutcome.Committed(table.Metadata, table.MetadataLocation));
                    }

                    return;
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The catalog is still not answering; the next check may find it again.
            }

            await Task.Delay(policy.Wait(check, context.Ids.NextDouble()), context.Time, CancellationToken.None);
        }

        throw new CommitStateUnknownException(
            $"Table {Names}: it is not known whether the commit happened. {unknown.Reason} Nothing was deleted; load "
            + "the table and look before doing the work again.",
            unknown.Cause);
    }

    private async Task CleanUpAsync(bool committed)
    {
        foreach (var set in sets)
        {
            await set.CleanUpAsync(committed);
        }
    }
}
