using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Which data files are rewritten, and how. The defaults are those of the reference implementation.</summary>
public sealed record RewriteDataFilesOptions
{
    /// <summary>
    /// Size that new files should have [bytes]; null asks <c>write.target-file-size-bytes</c> (default 512 MiB).
    /// </summary>
    public long? TargetFileSizeBytes { get; init; }

    /// <summary>Smaller files are rewritten [bytes]; null means 75 % of the target.</summary>
    public long? MinFileSizeBytes { get; init; }

    /// <summary>Larger files are rewritten [bytes]; null means 180 % of the target.</summary>
    public long? MaxFileSizeBytes { get; init; }

    /// <summary>
    /// Files of one group from which on they are rewritten although they fill no new file; default 5.
    /// </summary>
    public int MinInputFiles { get; init; } = 5;

    /// <summary>Most bytes that are rewritten at a time; default 100 GiB.</summary>
    public long MaxFileGroupSizeBytes { get; init; } = 100L * 1024 * 1024 * 1024;

    /// <summary>Delete files from which on a data file is rewritten; default: never for their number.</summary>
    public int DeleteFileThreshold { get; init; } = int.MaxValue;

    /// <summary>
    /// Share of deleted rows, as far as deletes of single files tell, from which on a data file is rewritten; default
    /// 0.3.
    /// </summary>
    public double DeleteRatioThreshold { get; init; } = 0.3;

    /// <summary>Rewrites all files whatever their size; default false.</summary>
    public bool RewriteAll { get; init; }

    /// <summary>Only files that may hold rows of this filter; default every file.</summary>
    public Expression Filter { get; init; } = Expression.True;

    /// <summary>The partition spec of the new files; null means the table's default.</summary>
    public int? OutputSpecId { get; init; }

    /// <summary>
    /// The order of rows in the new files, which makes this a sort: null keeps to the table's own order, as all writes
    /// do.
    /// </summary>
    public SortOrder? SortOrder { get; init; }

    /// <summary>Commits groups as they are done, so that a failure keeps those before it; default false.</summary>
    public bool PartialProgress { get; init; }

    /// <summary>Most commits with <see cref="PartialProgress"/>; default 10.</summary>
    public int PartialProgressMaxCommits { get; init; } = 10;

    /// <summary>
    /// Gives the rows the age of the snapshot that they were read from, so that keys deleted meanwhile are no conflict;
    /// default true.
    /// </summary>
    public bool UseStartingSequenceNumber { get; init; } = true;

    /// <summary>The options with all sizes known.</summary>
    /// <exception cref="IcebergException">A size is out of range, or sizes contradict one another.</exception>
    internal RewriteDataFilesOptions Resolve(TableMetadata table)
    {
        var target = TargetFileSizeBytes
            ?? TableProperties.Number(table.Properties, TableProperties.TargetFileSize, TableProperties.DefaultTargetFileSize);
        var resolved = this with
        {
            TargetFileSizeBytes = target,
            MinFileSizeBytes = MinFileSizeBytes ?? (long)(target * 0.75),
            MaxFileSizeBytes = MaxFileSizeBytes ?? (long)(target * 1.8),
            OutputSpecId = OutputSpecId ?? table.DefaultSpecId,
        };
        Require(target > 0, $"target-file-size-bytes should be above 0 but is {target}");
        Require(resolved.MinFileSizeBytes >= 0,
            $"min-file-size-bytes should be 0 or more but is {resolved.MinFileSizeBytes}");
        Require(
            resolved.MinFileSizeBytes < target,
            $"min-file-size-bytes should be below the target of {target} but is {resolved.MinFileSizeBytes}");
        Require(
            resolved.MaxFileSizeBytes > target,
            $"max-file-size-bytes should be above the target of {target} but is {resolved.MaxFileSizeBytes}");
        Require(MinInputFiles > 0, $"min-input-files should be above 0 but is {MinInputFiles}");
        Require(MaxFileGroupSizeBytes > 0,
            $"max-file-group-size-bytes should be above 0 but is {MaxFileGroupSizeBytes}");
        Require(DeleteFileThreshold > 0, $"delete-file-threshold should be above 0 but is {DeleteFileThreshold}");
        Require(
            DeleteRatioThreshold is > 0 and <= 1,
            FormattableString.Invariant(
                $"delete-ratio-threshold should be above 0 and at most 1 but is {DeleteRatioThreshold}"));
        Require(
            PartialProgressMaxCommits > 0,
            $"partial-progress.max-commits should be above 0 but is {PartialProgressMaxCommits}");
        Require(
            table.FindSpec(resolved.OutputSpecId.Value) is not null,
            $"output-spec-id is {resolved.OutputSpecId}, which the table does not have");
        return resolved;
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new IcebergException($"Rewriting data files: {sentence}.");
        }
    }
}
