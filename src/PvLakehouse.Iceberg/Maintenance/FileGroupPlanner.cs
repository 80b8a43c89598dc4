using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Chooses the data files to rewrite and packs them into groups.</summary>
/// <param name="table">The table, at the snapshot to look at.</param>
/// <param name="options">Options with all sizes known.</param>
internal sealed class FileGroupPlanner(Table table, RewriteDataFilesOptions options)
{
    private readonly long _target = options.TargetFileSizeBytes!.Value;
    private readonly long _min = options.MinFileSizeBytes!.Value;
    private readonly long _max = options.MaxFileSizeBytes!.Value;
    private readonly PartitionSpec _spec = table.Metadata.FindSpec(options.OutputSpecId!.Value)!;

    public async Task<RewriteDataFilesPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var scan = table.NewScan().Where(options.Filter);
        var partitions = new Dictionary<PartitionValues, List<FileScanTask>>();
        await foreach (var task in scan.PlanFilesAsync(cancellationToken))
        {
            if (!options.RewriteAll && !IsCandidate(task))
            {
                continue;
            }

            // Files of another spec are laid anew, so nothing is known of their partition yet.
            var partition = task.Spec.SpecId == _spec.SpecId ? task.File.Partition : PartitionValues.None;
            if (!partitions.TryGetValue(partition, out var files))
            {
                files = [];
                partitions.Add(partition, files);
            }

            files.Add(WithoutMetrics(task));
        }

        var groups = partitions.Values.SelectMany(Pack).Where(group => options.RewriteAll || IsWorthIt(group));
        return new RewriteDataFilesPlan(scan.Snapshot?.SnapshotId, [.. groups]);
    }

    private bool IsCandidate(FileScanTask task) =>
        task.File.FileSizeInBytes < _min || task.File.FileSizeInBytes > _max || HasManyDeletes(task);

    private bool HasManyDeletes(FileScanTask task) =>
        task.Deletes.Count >= options.DeleteFileThreshold || DeletedShare(task) >= options.DeleteRatioThreshold;

    /// <summary>What is known for certain: deletes that name this one file. Others may hit any file.</summary>
    private static double DeletedShare(FileScanTask task)
    {
        var deleted = task.Deletes
            .Where(d => d.File.Content == FileContent.PositionDeletes
                && d.File.ReferencedDataFile == task.File.FilePath)
            .Sum(d => d.File.RecordCount);
        return task.File.RecordCount == 0
            ? 0 : (double)Math.Min(deleted, task.File.RecordCount) / task.File.RecordCount;
    }

    /// <summary>Fills one group after the other up to its largest size, in the order of the files.</summary>
    private IEnumerable<FileGroup> Pack(List<FileScanTask> files)
    {
        var group = new List<FileScanTask>();
        var size = 0L;
        foreach (var file in files)
        {
            if (group.Count > 0 && size + file.File.FileSizeInBytes > options.MaxFileGroupSizeBytes)
            {
                yield return Group(group);
                (group, size) = ([], 0);
            }

            group.Add(file);
            size += file.File.FileSizeInBytes;
        }

        yield return Group(group);
    }

    private bool IsWorthIt(FileGroup group) =>
        (group.Files.Count > 1 && group.Files.Count >= options.MinInputFiles)
        || (group.Files.Count > 1 && group.SizeBytes > _target)
        || group.SizeBytes > _max
        || group.Files.Any(HasManyDeletes);

    private FileGroup Group(List<FileScanTask> files) => new(files, _spec, options.SortOrder, _target);

    /// <summary>A table may have a million small files; their metrics are of no use here.</summary>
    private static FileScanTask WithoutMetrics(FileScanTask task) =>
        task with { File = task.File with { Metrics = ColumnMetrics.None } };
}
