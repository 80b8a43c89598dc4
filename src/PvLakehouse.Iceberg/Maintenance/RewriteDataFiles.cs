using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Writes data files of unfit size, or with many deletes, anew. Readers see no difference.</summary>
/// <remarks>
/// Fails by a conflict when somebody replaced one of the files, or deleted rows of it, meanwhile; the new files are
/// removed again then. When it is not known whether a commit happened, its files stay.
/// </remarks>
public sealed class RewriteDataFiles
{
    private readonly Table _table;
    private readonly RewriteDataFilesOptions _options;

    internal RewriteDataFiles(Table table, RewriteDataFilesOptions options)
    {
        _table = table;
        _options = options;
    }

    /// <summary>Says which files would be rewritten now, and rewrites none.</summary>
    /// <exception cref="IcebergException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">A column of the filter is unknown.</exception>
    public async Task<RewriteDataFilesPlan> PlanAsync(CancellationToken cancellationToken = default)
    {
        await _table.RefreshAsync(cancellationToken);
        return await new FileGroupPlanner(_table, _options.Resolve(_table.Metadata)).PlanAsync(cancellationToken);
    }

    /// <summary>Rewrites.</summary>
    /// <param name="engine">Reads and writes the rows.</param>
    /// <param name="cancellationToken">Stops between groups, or the engine within one; what is committed stays.</param>
    /// <exception cref="IcebergException">As for <see cref="PlanAsync"/>, or the engine did not keep all
    /// rows.</exception>
    /// <exception cref="CommitConflictException">
    /// Somebody changed one of the files; without partial progress nothing was rewritten.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether a commit happened.</exception>
    public async Task<RewriteDataFilesResult> RunAsync(
        IFileGroupRewriter engine, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var plan = await PlanAsync(cancellationToken);
        var result = RewriteDataFilesResult.None;
        if (plan.Groups.Count == 0)
        {
            return result;
        }

        var started = _table.Metadata;
        var output = OutputTable(started);
        var groupsPerCommit = _options.PartialProgress
            ? (plan.Groups.Count + _options.PartialProgressMaxCommits - 1) / _options.PartialProgressMaxCommits
            : plan.Groups.Count;
        foreach (var groups in plan.Groups.Chunk(groupsPerCommit))
        {
            try
            {
                result = await RewriteAsync(engine, output, started, groups, result, cancellationToken);
            }
            catch (CommitConflictException e) when (_options.PartialProgress)
            {
                result = result with
                {
                    FailedDataFilesCount = result.FailedDataFilesCount + groups.Sum(g => (long)g.Files.Count),
                    FirstFailure = result.FirstFailure ?? e.Message,
                };
            }
        }

        return result;
    }

    private async Task<RewriteDataFilesResult> RewriteAsync(
        IFileGroupRewriter engine,
        Table output,
        TableMetadata started,
        IReadOnlyList<FileGroup> groups,
        RewriteDataFilesResult result,
        CancellationToken cancellationToken)
    {
        var added = new List<DataFile>();
        var complete = false;
        try
        {
            foreach (var group in groups)
            {
                var files = await engine.RewriteAsync(output, group, cancellationToken);
                added.AddRange(files);
                Check(group, files);
            }

            var deletes = NoLongerNeeded(groups);
            await CommitAsync(started, groups, added, deletes, cancellationToken);
            complete = true;
            return result with
            {
                RewrittenDataFilesCount = result.RewrittenDataFilesCount + groups.Sum(g => (long)g.Files.Count),
                AddedDataFilesCount = result.AddedDataFilesCount + added.Count,
                RewrittenBytesCount = result.RewrittenBytesCount + groups.Sum(g => g.SizeBytes),
                RemovedDeleteFilesCount = result.RemovedDeleteFilesCount + deletes.Count,
            };
        }
        catch (CommitStateUnknownException)
        {
            // The table may lead to the new files.
            complete = true;
            throw;
        }
        finally
        {
            if (!complete)
            {
                await RemoveAsync(added);
            }
        }
    }

    private async Task CommitAsync(
        TableMetadata started,
        IReadOnlyList<FileGroup> groups,
        List<DataFile> added,
        IReadOnlyList<DataFile> deletes,
        CancellationToken cancellationToken)
    {
        var known = started.SortOrders.Select(o => o.OrderId).ToHashSet();
        var commit = _table.NewOverwrite().ValidateFrom(started.CurrentSnapshotId, IsolationLevel.Snapshot);
        commit.RemoveRange(groups.SelectMany(g => g.Files).Select(f => f.File));

        // An order that was asked for but that the table does not have cannot be named.
        commit.AddRange(added.Select(
            f => f.SortOrderId is { } id && known.Contains(id) ? f : f with { SortOrderId = null }));
        await commit.CommitAsync(cancellationToken);
    }

    /// <summary>Delete files that name one of the rewritten files and so hit no row any more.</summary>
    private static IReadOnlyList<DataFile> NoLongerNeeded(IReadOnlyList<FileGroup> groups) =>
    [
        .. groups.SelectMany(g => g.Files)
            .SelectMany(f => f.Deletes.Where(d => d.File.ReferencedDataFile == f.File.FilePath))
            .Select(d => d.File).DistinctBy(f => f.FilePath, StringComparer.Ordinal),
    ];

    /// <summary>An engine that loses or doubles rows must not get its work committed.</summary>
    private static void Check(FileGroup group, IReadOnlyList<DataFile> files)
    {
        var rows = files.Sum(f => f.RecordCount);
        if (group.HasDeletes ? rows > group.RecordCount : rows != group.RecordCount)
        {
            throw new IcebergException(
                $"The rewritten files hold {rows} rows and those that they replace {group.RecordCount}"
                + $"{(group.HasDeletes ? " before deletes" : "")}; nothing was committed. First file: "
                + $"{group.Files[0].File.FilePath}");
        }
    }

    /// <summary>
    /// The table as the engine shall write it: with the spec, the order and the file size of the rewrite.
    /// </summary>
    private Table OutputTable(TableMetadata table)
    {
        var options = _options.Resolve(table);
        var properties = new Dictionary<string, string>(table.Properties, StringComparer.Ordinal)
        {
            [TableProperties.TargetFileSize] = FormattableString.Invariant($"{options.TargetFileSizeBytes}"),
        };
        var metadata = table with { DefaultSpecId = options.OutputSpecId!.Value, Properties = properties };
        if (options.SortOrder is { } wanted)
        {
            var order = table.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(wanted.Fields))
                ?? wanted.WithId(table.SortOrders.Max(o => o.OrderId) + 1);
            metadata = metadata with
            {
                SortOrders = [.. table.SortOrders.Where(o => o.OrderId != order.OrderId), order],
                DefaultSortOrderId = order.OrderId,
            };
        }

        return new Table(
            _table.Catalog, _table.Identifier, _table.Io, new TableState(metadata, _table.MetadataLocation),
                _table.Context);
    }

    private async Task RemoveAsync(List<DataFile> files)
    {
        try
        {
            await _table.Io.DeleteManyAsync([.. files.Select(f => f.FilePath)], CancellationToken.None);
        }
        catch (IOException)
        {
            // Orphans cost a little space and are found by maintenance; failing here would hide what went wrong.
        }
    }
}
