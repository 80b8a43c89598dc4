using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <content>Commits: updates and requirements become metadata files, which are swapped.</content>
public abstract partial class MetastoreCatalog
{
    /// <summary>
    /// How often a commit that still holds is tried again when another metadata file became current meanwhile.
    /// </summary>
    private const int SwapAttempts = 5;

    /// <summary>How often a swap of unknown outcome is looked up.</summary>
    private const int StatusChecks = 3;

    /// <inheritdoc/>
    public async Task<CommitOutcome> CommitTableAsync(
        TableIdentifier identifier,
        IReadOnlyList<TableRequirement> requirements,
        IReadOnlyList<TableUpdate> updates,
        CancellationToken cancellationToken = default) =>
        await CommitTablesAsync([new TableCommit(identifier, requirements, updates)], cancellationToken) switch
        {
            TablesCommitOutcome.Committed { Tables: [var done] } => done,
            TablesCommitOutcome.Conflict conflict => new CommitOutcome.Conflict(conflict.Reason),
            TablesCommitOutcome.Unknown unknown => new CommitOutcome.Unknown(unknown.Reason, unknown.Cause),
            var other => throw new InvalidOperationException($"There is no outcome {other}."),
        };

    /// <inheritdoc/>
    public async Task<TablesCommitOutcome> CommitTablesAsync(
        IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commits);
        if (commits.DistinctBy(c => c.Identifier).Count() != commits.Count)
        {
            throw new ArgumentException("A table occurs twice in one commit; join its updates.", nameof(commits));
        }

        for (var attempt = 0; attempt < SwapAttempts; attempt++)
        {
            var prepared = new List<Prepared>(commits.Count);
            foreach (var commit in commits)
            {
                var (ready, reason) = await PrepareAsync(commit, cancellationToken);
                if (ready is null)
                {
                    return new TablesCommitOutcome.Conflict(commits.Count == 1 ? reason! : $"Table {commit.Identifier}: {reason}");
                }

                prepared.Add(ready);
            }

            if (await WriteAndSwapAsync(prepared, cancellationToken) is { } outcome)
            {
                return outcome;
            }

            if (commits is [var only] && only.Requirements.OfType<TableRequirement.AssertCreate>().Any())
            {
                return new TablesCommitOutcome.Conflict("The table already exists.");
            }
        }

        return new TablesCommitOutcome.Conflict($"Others changed the table {SwapAttempts} times in a row.");
    }

    /// <summary>Makes a metadata file the current one if another is; without another, makes the table.</summary>
    /// <param name="identifier">The table.</param>
    /// <param name="expected">The file that must be current; null for a table that must not exist.</param>
    /// <param name="next">The file that becomes current.</param>
    /// <param name="cancellationToken">Stops before the swap, never in the middle of it.</param>
    /// <returns>The outcome, and the failure behind an unknown one.</returns>
    protected abstract Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken);

    /// <summary>Swaps the metadata files of several tables: all of them or none.</summary>
    /// <returns>The outcome, and the failure behind an unknown one.</returns>
    /// <exception cref="NotSupportedException">The catalog cannot do that.</exception>
    protected virtual Task<(SwapOutcome Outcome, Exception? Cause)> SwapAllAsync(
        IReadOnlyList<MetadataSwap> swaps, CancellationToken cancellationToken) => throw new NotSupportedException(
        $"Catalog '{Name}' cannot change several tables in one step.");

    /// <summary>Refuses locations that the catalog cannot hold, before anything is written.</summary>
    protected virtual void CheckMetadataLocation(string location)
    {
    }

    /// <summary>Checks what must hold and makes the new metadata; without it a sentence says what does not hold.</summary>
    private async Task<(Prepared? Ready, string? Reason)> PrepareAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        var (identifier, requirements, updates) = commit;
        var location = await FindMetadataAsync(identifier, cancellationToken);
        var @base = location is null ? null : await _store.ReadAsync(location, cancellationToken);
        if (requirements.Select(r => r.Validate(@base)).FirstOrDefault(reason => reason is not null) is { } reason)
        {
            return location is null ? throw NoSuchTable(identifier) : (null, reason);
        }

        if (@base is null && !requirements.OfType<TableRequirement.AssertCreate>().Any())
        {
            throw NoSuchTable(identifier);
        }

        if (@base is null)
        {
            await CheckNamespaceAsync(identifier, cancellationToken);
        }

        try
        {
            var builder = @base is null ? TableMetadataBuilder.ForNewTable() : TableMetadataBuilder.From(@base);
            var metadata = builder.Apply(updates).WithPreviousMetadata(location).Build(_context.Time.GetUtcNow());
            return (new Prepared(identifier, @base, location, metadata), null);
        }
        catch (CommitConflictException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Writes metadata files and makes them current; null when the swap was lost.</summary>
    private async Task<TablesCommitOutcome?> WriteAndSwapAsync(
        IReadOnlyList<Prepared> prepared, CancellationToken cancellationToken)
    {
        var swaps = new List<MetadataSwap>(prepared.Count);
        (SwapOutcome Outcome, Exception? Cause) swap;
        try
        {
            foreach (var table in prepared.Where(p => p.IsChanged))
            {
                CheckMetadataLocation($"{new LocationProvider(table.Metadata).MetadataRoot}/00000-{Guid.Empty}.gz.metadata.json");
                var next = await _store.WriteAsync(table.Metadata, table.Location, cancellationToken);
                swaps.Add(new MetadataSwap(table.Identifier, table.Location, next));
            }

            swap = swaps switch
            {
                [] => (SwapOutcome.Swapped, null),
                [var one] => await SwapAsync(one.Identifier, one.Expected, one.Next, cancellationToken),
                _ => await SwapAllAsync(swaps, cancellationToken),
            };
        }
        catch (Exception e) when (e is OperationCanceledException
            ? cancellationToken.IsCancellationRequested
            : e is IcebergException or IOException or NotSupportedException)
        {
            // All say that the swap did not happen. A cancellation that nobody asked for, which is how some clients say
            // that they waited too long, says nothing.
            await _store.DiscardAsync(swaps.Select(s => s.Next));
            throw;
        }

        if (swap.Outcome == SwapOutcome.Lost)
        {
            await _store.DiscardAsync(swaps.Select(s => s.Next));
            return null;
        }

        if (swap.Outcome == SwapOutcome.Unknown && !await HappenedAsync(swaps[0].Identifier, swaps[0].Next))
        {
            return new TablesCommitOutcome.Unknown(
                $"Metadata file '{swaps[0].Next}' may or may not have become current: {swap.Cause?.Message}", swap.Cause);
        }

        await DiscardOldMetadataAsync(prepared);
        var locations = swaps.ToDictionary(s => s.Identifier, s => s.Next);
        return new TablesCommitOutcome.Committed(
            [.. prepared.Select(p => new CommitOutcome.Committed(p.Metadata, locations.GetValueOrDefault(p.Identifier) ?? p.Location!))]);
    }

    /// <summary>Deletes the metadata files that left the log, where the table asks for it.</summary>
    private async Task DiscardOldMetadataAsync(IEnumerable<Prepared> prepared)
    {
        foreach (var (_, @base, _, metadata) in prepared)
        {
            if (@base is not null && TableProperties.Flag(metadata.Properties, TableProperties.MetadataDeleteAfterCommit, false))
            {
                await _store.DiscardAsync(@base.MetadataLog.Except(metadata.MetadataLog).Select(e => e.MetadataFile));
            }
        }
    }

    /// <summary>Looks whether a file is current or was: then its swap did happen.</summary>
    /// <remarks>Does not fail, however the catalog or its storage does: the swap may have happened.</remarks>
    private async Task<bool> HappenedAsync(TableIdentifier identifier, string next)
    {
        for (var check = 0; check < StatusChecks; check++)
        {
            try
            {
                var current = await FindMetadataAsync(identifier, CancellationToken.None);
                if (current == next)
                {
                    return true;
                }

                return current is not null
                    && (await _store.ReadAsync(current, CancellationToken.None)).MetadataLog.Any(e => e.MetadataFile == next);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The catalog is still not answering: ask again.
            }
        }

        return false;
    }

    /// <summary>A table with the metadata that it shall get.</summary>
    private sealed record Prepared(TableIdentifier Identifier, TableMetadata? Base, string? Location, TableMetadata Metadata)
    {
        public bool IsChanged => !ReferenceEquals(Base, Metadata);
    }
}
