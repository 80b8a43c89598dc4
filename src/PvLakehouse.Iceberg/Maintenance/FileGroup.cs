using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Data files of one partition that are rewritten together.</summary>
/// <param name="Files">The files, with the deletes that apply to their rows; metrics are left out.</param>
/// <param name="OutputSpec">The partition spec of the new files.</param>
/// <param name="SortOrder">The order of rows in the new files; null means the table's.</param>
/// <param name="TargetFileSizeBytes">Size that new files should have [bytes].</param>
public sealed record FileGroup(
    IReadOnlyList<FileScanTask> Files, PartitionSpec OutputSpec, SortOrder? SortOrder, long TargetFileSizeBytes)
{
    /// <summary>Size of the files [bytes].</summary>
    public long SizeBytes { get; } = Files.Sum(f => f.File.FileSizeInBytes);

    /// <summary>Rows in the files, deleted ones included.</summary>
    public long RecordCount { get; } = Files.Sum(f => f.File.RecordCount);

    /// <summary>
    /// The partition for people: <c>name=value/...</c>; empty when files of another spec are laid anew.
    /// </summary>
    public string Partition => Files[0].Spec.SpecId == OutputSpec.SpecId
        ? Files[0].Spec.PartitionPath(Files[0].File.Partition)
        : "";

    /// <summary>Whether deletes apply to any row.</summary>
    public bool HasDeletes => Files.Any(f => f.Deletes.Count > 0);
}

/// <summary>Which data files are rewritten.</summary>
/// <param name="SnapshotId">The snapshot that was looked at; null when the table has none.</param>
/// <param name="Groups">The groups, in the order in which they are rewritten.</param>
public sealed record RewriteDataFilesPlan(long? SnapshotId, IReadOnlyList<FileGroup> Groups)
{
    /// <summary>Files that are rewritten.</summary>
    public long FilesCount => Groups.Sum(g => (long)g.Files.Count);

    /// <summary>Size of these files [bytes].</summary>
    public long SizeBytes => Groups.Sum(g => g.SizeBytes);
}

/// <summary>What rewriting data files did, counted as Spark's procedure does.</summary>
/// <param name="RewrittenDataFilesCount">Files that were replaced.</param>
/// <param name="AddedDataFilesCount">Files that replace them.</param>
/// <param name="RewrittenBytesCount">Size of the replaced files [bytes].</param>
/// <param name="FailedDataFilesCount">Files whose commit failed with partial progress; they stay as they were.</param>
/// <param name="RemovedDeleteFilesCount">Delete files that nothing needs any more.</param>
/// <param name="FirstFailure">Why the first commit failed; null when none did.</param>
public sealed record RewriteDataFilesResult(
    long RewrittenDataFilesCount,
    long AddedDataFilesCount,
    long RewrittenBytesCount,
    long FailedDataFilesCount,
    long RemovedDeleteFilesCount,
    string? FirstFailure)
{
    internal static RewriteDataFilesResult None { get; } = new(0, 0, 0, 0, 0, null);
}
