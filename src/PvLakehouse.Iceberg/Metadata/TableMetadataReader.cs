using System.IO.Compression;
using System.Text.Json;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>
/// Reads metadata files of versions 1 to 3 (spec: "Table Metadata", and "Appendix C" for older forms).
/// </summary>
internal static class TableMetadataReader
{
    /// <summary>Snapshot and metadata logs may be this much out of order, because clocks of writers differ.</summary>
    private const long ClockSkewMs = 60_000;

    /// <summary>Metadata is held in memory whole; more than this is no metadata [bytes].</summary>
    private const int LargestPlain = 1024 * 1024 * 1024;

    public static TableMetadata Read(ReadOnlyMemory<byte> bytes, string? location) =>
        JsonText.Read(Inflate(bytes, location), "Table metadata", location, Read);

    private static TableMetadata Read(JsonElement element)
    {
        var json = new JsonObjectReader(element, "table metadata");
        var version = json.Int("format-version");
        if (version is < 1 or > TableMetadata.HighestReadableVersion)
        {
            throw new IcebergFormatException(
                $"The table has format version {version}; versions 1 to {TableMetadata.HighestReadableVersion} can be "
                + "read.");
        }

        var (schemas, currentSchemaId) = Schemas(json, version);
        var (specs, defaultSpecId) = Specs(json, version);
        var (orders, defaultOrderId) = SortOrders(json, version);
        var snapshots = json.OptionalList("snapshots", SnapshotJson.Read) ?? [];
        var current = json.OptionalSnapshotId("current-snapshot-id") is { } id && id != -1 ? id : (long?)null;
        var metadata = new TableMetadata
        {
            FormatVersion = version,
            TableUuid = Uuid(json, version),
            Location = json.Text("location").TrimEnd('/'),
            LastSequenceNumber = version == 1 ? 0 : json.Long("last-sequence-number"),
            LastUpdatedMs = json.Long("last-updated-ms"),
            LastColumnId = json.Int("last-column-id"),
            Schemas = schemas,
            CurrentSchemaId = currentSchemaId,
            Specs = specs,
            DefaultSpecId = defaultSpecId,
            LastPartitionId = version == 1
                ? json.OptionalInt("last-partition-id") ?? specs.Max(s => s.HighestFieldId)
                : json.Int("last-partition-id"),
            SortOrders = orders,
            DefaultSortOrderId = defaultOrderId,
            Properties = json.OptionalTexts("properties") ?? [],
            CurrentSnapshotId = current,
            Snapshots = snapshots,
            SnapshotLog = json.OptionalList("snapshot-log", SnapshotJson.ReadSnapshotLog) ?? [],
            MetadataLog = json.OptionalList("metadata-log", SnapshotJson.ReadMetadataLog) ?? [],
            Refs = SnapshotJson.ReadRefs(json, current),
            Statistics = json.OptionalList("statistics", SnapshotJson.ReadStatistics) ?? [],
            PartitionStatistics = json.OptionalList("partition-statistics", SnapshotJson.ReadStatistics) ?? [],
            NextRowId = NextRowId(json, version, snapshots.Count),
            EncryptionKeys = version < 3 ? [] : json.OptionalList("encryption-keys", SnapshotJson.ReadEncryptionKey) ?? [],
            Extra = version < 3
                ? json.Extra(TableMetadataWriter.KnownNames)
                : json.Extra([.. TableMetadataWriter.KnownNames, "next-row-id", "encryption-keys"]),
        };
        Check(metadata);
        return metadata;
    }

    private static (List<Schema> Schemas, int Current) Schemas(JsonObjectReader json, int version)
    {
        if (json.OptionalList("schemas", SchemaJson.Read) is { Count: > 0 } schemas
            && (version > 1 || json.Has("current-schema-id")))
        {
            var current = json.Int("current-schema-id");
            return schemas.Any(s => s.SchemaId == current) ? (schemas, current) : throw new IcebergFormatException(
                $"current-schema-id is {current}, but schemas holds only {Ids(schemas.Select(s => s.SchemaId))}.");
        }

        if (version > 1)
        {
            throw json.Missing("schemas");
        }

        var only = SchemaJson.Read(json.Value("schema"));
        return ([only], only.SchemaId);
    }

    private static (List<PartitionSpec> Specs, int Default) Specs(JsonObjectReader json, int version)
    {
        var specs = json.OptionalList("partition-specs", PartitionSpecJson.Read);
        if (specs is { Count: > 0 } && (version > 1 || json.Has("default-spec-id")))
        {
            var current = json.Int("default-spec-id");
            return specs.Any(s => s.SpecId == current) ? (specs, current) : throw new IcebergFormatException(
                $"default-spec-id is {current}, but partition-specs holds only {Ids(specs.Select(s => s.SpecId))}.");
        }

        if (version > 1)
        {
            throw json.Missing("partition-specs");
        }

        // Without a default the old single spec counts, and without that the newest of the list.
        return json.OptionalValue("partition-spec") is null && specs is { Count: > 0 }
            ? (specs, specs.Max(s => s.SpecId))
            : ([new PartitionSpec(0, PartitionSpecJson.ReadFields(json.Value("partition-spec")))], 0);
    }

    private static (List<SortOrder> Orders, int Default) SortOrders(JsonObjectReader json, int version)
    {
        if (json.OptionalList("sort-orders", PartitionSpecJson.ReadOrder) is { Count: > 0 } orders)
        {
            var current = version > 1 ? json.Int("default-sort-order-id") : json.OptionalInt("default-sort-order-id") ?? 0;
            if (orders.Any(o => o.OrderId == current))
            {
                return (orders, current);
            }

            // Some writers leave out the order that means "not sorted".
            return current == 0 ? ([SortOrder.Unsorted, .. orders], 0) : throw new IcebergFormatException(
                $"default-sort-order-id is {current}, but sort-orders holds only "
                + $"{Ids(orders.Select(o => o.OrderId))}.");
        }

        return version > 1 && !json.Has("sort-orders") ? throw json.Missing("sort-orders") : ([SortOrder.Unsorted], 0);
    }

    private static long? NextRowId(JsonObjectReader json, int version, int snapshots) => version < 3
        ? null
        : json.OptionalLong("next-row-id")

            // Some writers leave it out of new tables. No row has an id before the first snapshot, so it can only be 0.
            ?? (snapshots == 0 ? 0 : throw json.Missing("next-row-id"));

    private static Guid? Uuid(JsonObjectReader json, int version)
    {
        if (json.OptionalText("table-uuid") is not { } text)
        {
            return version == 1 ? null : throw json.Missing("table-uuid");
        }

        return Guid.TryParse(text, out var uuid)
            ? uuid
            : throw new IcebergFormatException($"table-uuid should be a uuid but is '{text}'.");
    }

    private static void Check(TableMetadata metadata)
    {
        CheckSnapshots(metadata);
        if (metadata.CurrentSnapshotId is { } current && metadata.FindSnapshot(current) is null)
        {
            throw new IcebergFormatException(
                $"current-snapshot-id is {current}, but snapshots holds no such snapshot.");
        }

        foreach (var (name, reference) in metadata.Refs)
        {
            if (metadata.FindSnapshot(reference.SnapshotId) is null)
            {
                throw new IcebergFormatException(
                    $"Ref '{name}' names snapshot {reference.SnapshotId}, which does not exist.");
            }
        }

        var main = metadata.Refs.TryGetValue(SnapshotRef.Main, out var head) ? head.SnapshotId : (long?)null;
        if (main != metadata.CurrentSnapshotId)
        {
            throw new IcebergFormatException(
                $"Ref 'main' names snapshot {main?.ToString() ?? "none"}, but current-snapshot-id is "
                + $"{metadata.CurrentSnapshotId?.ToString() ?? "none"}.");
        }

        if (metadata.Snapshots.FirstOrDefault(s => s.SequenceNumber > metadata.LastSequenceNumber) is { } tooNew)
        {
            throw new IcebergFormatException(
                $"Snapshot {tooNew.SnapshotId} has sequence number {tooNew.SequenceNumber}, above last-sequence-number "
                + $"{metadata.LastSequenceNumber}.");
        }

        CheckOrder("snapshot-log", [.. metadata.SnapshotLog.Select(e => e.TimestampMs)]);
        CheckOrder("metadata-log", [.. metadata.MetadataLog.Select(e => e.TimestampMs)]);
        _ = metadata.Spec.PartitionType(metadata.Schema);
    }

    /// <summary>Ids are unique and no snapshot is its own ancestor, so that history ends.</summary>
    private static void CheckSnapshots(TableMetadata metadata)
    {
        if (metadata.Snapshots.GroupBy(s => s.SnapshotId).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new IcebergFormatException($"Snapshot {twice.Key} is there twice.");
        }

        var ended = new HashSet<long>();
        foreach (var snapshot in metadata.Snapshots)
        {
            var line = new HashSet<long>();
            for (var s = snapshot; s is not null && !ended.Contains(s.SnapshotId); s = s.ParentSnapshotId is { } p ? metadata.FindSnapshot(p) : null)
            {
                if (!line.Add(s.SnapshotId))
                {
                    throw new IcebergFormatException($"Snapshot {s.SnapshotId} is its own ancestor.");
                }
            }

            ended.UnionWith(line);
        }
    }

    private static void CheckOrder(string log, long[] times)
    {
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] < times[i - 1] - ClockSkewMs)
            {
                throw new IcebergFormatException(
                    $"Entry {i} of {log} is {times[i - 1] - times[i]} ms older than the one before it; it should be "
                    + "newer.");
            }
        }
    }

    private static string Ids(IEnumerable<int> ids) => $"[{string.Join(", ", ids)}]";

    /// <summary>Unpacks gzip, which is told by its first bytes: suffixes differ between writers.</summary>
    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> bytes, string? location)
    {
        if (!bytes.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return bytes;
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
            return Inflation.ReadAll(gzip, bytes.Length * 8L, LargestPlain);
        }
        catch (Exception e) when (e is InvalidDataException or IcebergFormatException)
        {
            throw new IcebergFormatException($"Table metadata is not whole gzip data: {e.Message}", location, e);
        }
    }
}
