using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>The state of a table at one time: the set of its files, through a manifest list.</summary>
public sealed record Snapshot
{
    /// <summary>Random positive id, unique in the table.</summary>
    public required long SnapshotId { get; init; }

    /// <summary>The snapshot that this one changed; null for the first.</summary>
    public long? ParentSnapshotId { get; init; }

    /// <summary>Order of the commit among all of the table; 0 in version 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>When it was made [ms since 1970-01-01 UTC].</summary>
    public required long TimestampMs { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>
    /// Location of the manifest list; null only in old version 1 tables, which name the manifests instead.
    /// </summary>
    public string? ManifestList { get; init; }

    /// <summary>Locations of the manifests of old version 1 tables; null when there is a manifest list.</summary>
    public IReadOnlyList<string>? Manifests { get; init; }

    /// <summary>What the commit did: <c>operation</c>, counts, totals and the writer's own properties.</summary>
    public required IReadOnlyDictionary<string, string> Summary { get; init; }

    /// <summary>The schema that was current; null when not recorded.</summary>
    public int? SchemaId { get; init; }

    /// <summary>Id of the first row that the commit added (format version 3); null when rows have none.</summary>
    public long? FirstRowId { get; init; }

    /// <summary>Upper bound of the number of rows that the commit added (format version 3).</summary>
    public long? AddedRows { get; init; }

    /// <summary>The key that encrypts the manifest list (format version 3); null when it is not encrypted.</summary>
    public string? KeyId { get; init; }

    /// <summary>Members of the JSON form that this library does not interpret.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;

    /// <summary>One of <see cref="SnapshotOperation"/>, or null in version 1 tables that do not record it.</summary>
    public string? Operation => Summary.GetValueOrDefault(SummaryKeys.Operation);
}

/// <summary>The kinds of commits.</summary>
public static class SnapshotOperation
{
    /// <summary>Only data files were added.</summary>
    public const string Append = "append";

    /// <summary>Files were replaced by others with the same rows.</summary>
    public const string Replace = "replace";

    /// <summary>Files were added and removed.</summary>
    public const string Overwrite = "overwrite";

    /// <summary>Files were removed, or rows deleted.</summary>
    public const string Delete = "delete";
}
