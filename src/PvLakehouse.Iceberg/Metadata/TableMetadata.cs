using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>
/// Everything that a table's metadata file says. Immutable: changes go through <see cref="TableMetadataBuilder"/>.
/// </summary>
public sealed record TableMetadata
{
    /// <summary>The newest format version that can be read here.</summary>
    public const int HighestReadableVersion = 3;

    /// <summary>The newest format version that can be written here.</summary>
    public const int HighestWritableVersion = 2;

    private SnapshotIndex? _index;

    internal TableMetadata()
    {
    }

    /// <summary>Version of the specification that the table follows: 1, 2 or 3.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Identity of the table; null only in version 1.</summary>
    public required Guid? TableUuid { get; init; }

    /// <summary>Root of the table's files, without a slash at the end.</summary>
    public required string Location { get; init; }

    /// <summary>Highest sequence number in use.</summary>
    public required long LastSequenceNumber { get; init; }

    /// <summary>When this metadata was written [ms since 1970-01-01 UTC].</summary>
    public required long LastUpdatedMs { get; init; }

    /// <summary>Highest field id ever assigned.</summary>
    public required int LastColumnId { get; init; }

    /// <summary>All schemas that were ever current.</summary>
    public required IReadOnlyList<Schema> Schemas { get; init; }

    /// <summary>Id of the current schema.</summary>
    public required int CurrentSchemaId { get; init; }

    /// <summary>All partition specs that were ever the default.</summary>
    public required IReadOnlyList<PartitionSpec> Specs { get; init; }

    /// <summary>Id of the spec that writers use.</summary>
    public required int DefaultSpecId { get; init; }

    /// <summary>Highest partition field id ever assigned; 999 when none was.</summary>
    public required int LastPartitionId { get; init; }

    /// <summary>All sort orders that were ever the default.</summary>
    public required IReadOnlyList<SortOrder> SortOrders { get; init; }

    /// <summary>Id of the sort order that writers use.</summary>
    public required int DefaultSortOrderId { get; init; }

    /// <summary>Table properties.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Id of the current snapshot; null while the table has none.</summary>
    public required long? CurrentSnapshotId { get; init; }

    /// <summary>The snapshots that are still kept, in the order in which they were added.</summary>
    public required IReadOnlyList<Snapshot> Snapshots { get; init; }

    /// <summary>Which snapshot was current from when on, in order of time.</summary>
    public required IReadOnlyList<SnapshotLogEntry> SnapshotLog { get; init; }

    /// <summary>Earlier metadata files, in order of time.</summary>
    public required IReadOnlyList<MetadataLogEntry> MetadataLog { get; init; }

    /// <summary>Branches and tags by name; <c>main</c> is there when there is a current snapshot.</summary>
    public required IReadOnlyDictionary<string, SnapshotRef> Refs { get; init; }

    /// <summary>Statistics files of snapshots.</summary>
    public IReadOnlyList<StatisticsEntry> Statistics { get; init; } = [];

    /// <summary>Partition statistics files of snapshots.</summary>
    public IReadOnlyList<StatisticsEntry> PartitionStatistics { get; init; } = [];

    /// <summary>The id that the next new row gets (format version 3); null in older versions.</summary>
    public long? NextRowId { get; init; }

    /// <summary>Keys that encrypt the keys of snapshots (format version 3).</summary>
    public IReadOnlyList<EncryptionKeyEntry> EncryptionKeys { get; init; } = [];

    /// <summary>Members of the JSON form that this library does not interpret.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;

    /// <summary>The current schema.</summary>
    public Schema Schema => Schemas.First(s => s.SchemaId == CurrentSchemaId);

    /// <summary>The spec that writers use.</summary>
    public PartitionSpec Spec => Specs.First(s => s.SpecId == DefaultSpecId);

    /// <summary>The sort order that writers use.</summary>
    public SortOrder SortOrder => SortOrders.First(o => o.OrderId == DefaultSortOrderId);

    /// <summary>The current snapshot; null while the table has none.</summary>
    public Snapshot? CurrentSnapshot => CurrentSnapshotId is { } id ? FindSnapshot(id) : null;

    /// <summary>The snapshot of that id, or null when there is none (any more).</summary>
    public Snapshot? FindSnapshot(long snapshotId) => Index.ById.GetValueOrDefault(snapshotId);

    /// <summary>The schema of that id, or null.</summary>
    public Schema? FindSchema(int schemaId) => Schemas.FirstOrDefault(s => s.SchemaId == schemaId);

    /// <summary>
    /// The field of that id at any level, or null: of the current schema, else of the newest that has it. Delete files and
    /// old partition specs may refer to columns that were dropped.
    /// </summary>
    public SchemaField? FindField(int fieldId)
    {
        if (Schema.Find(fieldId) is { } current)
        {
            return current;
        }

        for (var i = Schemas.Count - 1; i >= 0; i--)
        {
            if (Schemas[i].Find(fieldId) is { } dropped)
            {
                return dropped;
            }
        }

        return null;
    }

    /// <summary>The partition spec of that id, or null.</summary>
    public PartitionSpec? FindSpec(int specId) => Specs.FirstOrDefault(s => s.SpecId == specId);

    /// <summary>The newest schema that still has all columns of a spec: old specs outlive columns.</summary>
    internal Schema SchemaOf(PartitionSpec spec) => spec.Fields.All(f => Schema.Find(f.SourceId) is not null)
        ? Schema
        : Schemas.LastOrDefault(s => spec.Fields.All(f => s.Find(f.SourceId) is not null)) ?? Schema;

    /// <summary>The snapshot that a branch or tag names, or null.</summary>
    public Snapshot? FindRef(string name) => Refs.TryGetValue(name, out var found) ? FindSnapshot(found.SnapshotId) : null;

    /// <summary>
    /// The snapshot that was current at an instant, or null when none was or it is no longer recorded.
    /// </summary>
    public Snapshot? SnapshotAsOf(DateTimeOffset instant)
    {
        var ms = instant.ToUnixTimeMilliseconds();
        var entry = SnapshotLog.LastOrDefault(e => e.TimestampMs <= ms);
        return entry == default ? null : FindSnapshot(entry.SnapshotId);
    }

    /// <summary>The snapshot that a branch had at an instant, by the ages of its ancestors: branches have no log.</summary>
    /// <returns>Null when none is as old, or none is kept any more.</returns>
    /// <exception cref="ArgumentException">There is no such branch or tag.</exception>
    public Snapshot? SnapshotAsOf(DateTimeOffset instant, string branch)
    {
        var head = FindRef(branch) ?? throw new ArgumentException(
            $"There is no branch or tag '{branch}'; there are {string.Join(", ", Refs.Keys)}.", nameof(branch));
        var ms = instant.ToUnixTimeMilliseconds();
        return Ancestors(head.SnapshotId).FirstOrDefault(s => s.TimestampMs <= ms);
    }

    /// <summary>A snapshot and its ancestors, the newest first, as far as they are still kept.</summary>
    public IEnumerable<Snapshot> Ancestors(long snapshotId)
    {
        for (var s = FindSnapshot(snapshotId); s is not null; s = s.ParentSnapshotId is { } p ? FindSnapshot(p) : null)
        {
            yield return s;
        }
    }

    /// <summary>Reads a metadata file, plain or gzip.</summary>
    /// <exception cref="IcebergFormatException">The bytes are no table metadata that can be read here.</exception>
    public static TableMetadata FromJson(ReadOnlyMemory<byte> bytes, string? location = null) =>
        TableMetadataReader.Read(bytes, location);

    /// <summary>The JSON form, in UTF-8.</summary>
    /// <exception cref="NotSupportedException">
    /// The table is of version 1 or 3, or holds what version 2 cannot: only version 2 is written here.
    /// </exception>
    public byte[] ToJson() => TableMetadataWriter.Write(this);

    // A copy made by "with" may hold other snapshots, so the index remembers what it was made of.
    private SnapshotIndex Index => _index is { } index && ReferenceEquals(index.Of, Snapshots)
        ? index
        : _index = new SnapshotIndex(Snapshots, Snapshots.ToDictionary(s => s.SnapshotId));

    private sealed record SnapshotIndex(IReadOnlyList<Snapshot> Of, Dictionary<long, Snapshot> ById);
}
