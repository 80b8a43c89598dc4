using System.Globalization;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>Names, defaults and reading of the table properties that this library honours.</summary>
public static class TableProperties
{
    /// <summary>Commit attempts after the first; default 4.</summary>
    public const string CommitRetries = "commit.retry.num-retries";

    /// <summary>Shortest wait before a commit is tried again [ms]; default 100.</summary>
    public const string CommitMinWaitMs = "commit.retry.min-wait-ms";

    /// <summary>Longest wait before a commit is tried again [ms]; default 60000.</summary>
    public const string CommitMaxWaitMs = "commit.retry.max-wait-ms";

    /// <summary>Time after which a commit is not tried again [ms]; default 1800000.</summary>
    public const string CommitTotalMs = "commit.retry.total-timeout-ms";

    /// <summary>Whether appends merge small manifests; default true.</summary>
    public const string ManifestMergeEnabled = "commit.manifest-merge.enabled";

    /// <summary>Manifests from which on appends merge; default 100.</summary>
    public const string ManifestMinMergeCount = "commit.manifest.min-count-to-merge";

    /// <summary>Size up to which manifests are merged [bytes]; default 8388608.</summary>
    public const string ManifestTargetSize = "commit.manifest.target-size-bytes";

    /// <summary>Earlier metadata files in the log; default 100.</summary>
    public const string MetadataPreviousVersions = "write.metadata.previous-versions-max";

    /// <summary>Whether metadata files that leave the log are deleted; default false.</summary>
    public const string MetadataDeleteAfterCommit = "write.metadata.delete-after-commit.enabled";

    /// <summary><c>none</c> (default) or <c>gzip</c>.</summary>
    public const string MetadataCompression = "write.metadata.compression-codec";

    /// <summary>Folder of metadata files; default <c>{location}/metadata</c>.</summary>
    public const string MetadataPath = "write.metadata.path";

    /// <summary>Folder of data files; default <c>{location}/data</c>.</summary>
    public const string DataPath = "write.data.path";

    /// <summary>
    /// Metrics of columns without a mode of their own: <c>none</c>, <c>counts</c>, <c>truncate(16)</c> (default) or
    /// <c>full</c>.
    /// </summary>
    public const string MetricsDefault = "write.metadata.metrics.default";

    /// <summary>Prefix of the metrics mode of one column.</summary>
    public const string MetricsColumnPrefix = "write.metadata.metrics.column.";

    /// <summary>Columns that get metrics when only the default is set; default 100.</summary>
    public const string MetricsMaxColumns = "write.metadata.metrics.max-inferred-column-defaults";

    /// <summary>
    /// Prefix of the writer's own entries of a snapshot summary that are true of the table's rows: a replace, which changes none, carries
    /// them on, so that they outlive the snapshots before it. None by default.
    /// </summary>
    public const string SummaryCarriedPrefix = "write.summary.carried-prefix";

    /// <summary>Size that data files should have [bytes]; default <see cref="DefaultTargetFileSize"/>.</summary>
    public const string TargetFileSize = "write.target-file-size-bytes";

    /// <summary>Size that data files should have when the table does not say it: 536870912, 512 MiB [bytes].</summary>
    public const long DefaultTargetFileSize = 512L * 1024 * 1024;

    /// <summary>Whether maintenance may remove files; default true.</summary>
    public const string GcEnabled = "gc.enabled";

    /// <summary>Age up to which snapshots are kept [ms]; default 432000000, 5 days.</summary>
    public const string MaxSnapshotAgeMs = "history.expire.max-snapshot-age-ms";

    /// <summary>Snapshots of a branch to keep whatever their age; default 1.</summary>
    public const string MinSnapshotsToKeep = "history.expire.min-snapshots-to-keep";

    /// <summary>Age at which branches and tags go, main excepted [ms]; default: never.</summary>
    public const string MaxRefAgeMs = "history.expire.max-ref-age-ms";

    /// <summary>Partitions up to which a snapshot summary has a line for each; default 0.</summary>
    public const string SummaryPartitionLimit = "write.summary.partition-limit";

    /// <summary>JSON that gives field ids to the names of files without ids.</summary>
    public const string NameMapping = "schema.name-mapping.default";

    /// <summary>Whether data files are spread over folders by a hash, as object stores like it; default false.</summary>
    public const string ObjectStorageEnabled = "write.object-storage.enabled";

    /// <summary>Whether names of partitions follow the hash; default true.</summary>
    public const string ObjectStoragePartitionedPaths = "write.object-storage.partitioned-paths";

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "format-version", "uuid", "snapshot-count", "current-snapshot-summary", "current-snapshot-id",
        "current-snapshot-timestamp-ms", "current-schema", "default-partition-spec", "default-sort-order",
    };

    internal static bool IsReserved(string key) => Reserved.Contains(key);

    internal static int MetadataPreviousVersionsMax(IReadOnlyDictionary<string, string> properties) =>
        (int)Math.Clamp(Number(properties, MetadataPreviousVersions, 100), 1, int.MaxValue);

    internal static bool Flag(IReadOnlyDictionary<string, string> properties, string key, bool otherwise) =>
        !properties.TryGetValue(key, out var text) ? otherwise
        : bool.TryParse(text, out var value) ? value
        : throw new IcebergException($"Table property '{key}' should be true or false but is '{text}'.");

    internal static long Number(IReadOnlyDictionary<string, string> properties, string key, long otherwise) =>
        !properties.TryGetValue(key, out var text) ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw new IcebergException($"Table property '{key}' should be a number, 0 or more, but is '{text}'.");
}
