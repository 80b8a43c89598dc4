using System.Text.Json;
using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>Writes metadata files of version 2, members in the order of the reference implementation.</summary>
internal static class TableMetadataWriter
{
    public static readonly string[] KnownNames =
    [
        "format-version", "table-uuid", "location", "last-sequence-number", "last-updated-ms", "last-column-id",
        "schema", "current-schema-id", "schemas", "partition-spec", "default-spec-id", "partition-specs",
        "last-partition-id", "default-sort-order-id", "sort-orders", "properties", "current-snapshot-id", "refs",
        "snapshots", "statistics", "partition-statistics", "snapshot-log", "metadata-log",
    ];

    public static byte[] Write(TableMetadata metadata)
    {
        if (metadata.FormatVersion != TableMetadata.HighestWritableVersion || metadata.TableUuid is not { } uuid)
        {
            throw new NotSupportedException(
                $"Tables of format version {metadata.FormatVersion} are not written; version "
                + $"{TableMetadata.HighestWritableVersion} is"
                + (metadata.FormatVersion < TableMetadata.HighestWritableVersion ? ": upgrade the table first." : "."));
        }

        if (metadata.Schemas.SelectMany(s => s.AllFields).FirstOrDefault(f => f.Type is PrimitiveType { NeedsVersion3: true }) is { } field)
        {
            throw new NotSupportedException(
                $"Field '{field.FullName}' is of type {field.Type}, which format version 2 cannot hold.");
        }

        if (metadata.NextRowId is not null || metadata.EncryptionKeys.Count > 0)
        {
            throw new NotSupportedException("Row ids and encryption keys are not written to tables of format version 2.");
        }

        return JsonText.WriteBytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("format-version", metadata.FormatVersion);
            writer.WriteString("table-uuid", uuid);
            writer.WriteString("location", metadata.Location);
            writer.WriteNumber("last-sequence-number", metadata.LastSequenceNumber);
            writer.WriteNumber("last-updated-ms", metadata.LastUpdatedMs);
            writer.WriteNumber("last-column-id", metadata.LastColumnId);
            writer.WriteNumber("current-schema-id", metadata.CurrentSchemaId);
            WriteList(writer, "schemas", metadata.Schemas, SchemaJson.Write);
            writer.WriteNumber("default-spec-id", metadata.DefaultSpecId);
            WriteList(writer, "partition-specs", metadata.Specs, PartitionSpecJson.Write);
            writer.WriteNumber("last-partition-id", metadata.LastPartitionId);
            writer.WriteNumber("default-sort-order-id", metadata.DefaultSortOrderId);
            WriteList(writer, "sort-orders", metadata.SortOrders, PartitionSpecJson.WriteOrder);
            SnapshotJson.WriteTexts(writer, "properties", metadata.Properties);
            WriteHistory(writer, metadata);
            metadata.Extra.WriteTo(writer);
            writer.WriteEndObject();
        });
    }

    private static void WriteHistory(Utf8JsonWriter writer, TableMetadata metadata)
    {
        // "No snapshot" is -1 up to version 2: readers of that age do not expect null.
        writer.WriteNumber("current-snapshot-id", metadata.CurrentSnapshotId ?? -1);
        writer.WriteStartObject("refs");
        foreach (var (name, reference) in metadata.Refs)
        {
            SnapshotJson.WriteRef(writer, name, reference);
        }

        writer.WriteEndObject();
        WriteList(writer, "snapshots", metadata.Snapshots, SnapshotJson.Write);
        WriteList(writer, "statistics", metadata.Statistics, (w, s) => w.WriteRawValue(s.RawJson));
        WriteList(writer, "partition-statistics", metadata.PartitionStatistics, (w, s) => w.WriteRawValue(s.RawJson));
        WriteList(writer, "snapshot-log", metadata.SnapshotLog, (w, entry) =>
        {
            w.WriteStartObject();
            w.WriteNumber("timestamp-ms", entry.TimestampMs);
            w.WriteNumber("snapshot-id", entry.SnapshotId);
            w.WriteEndObject();
        });
        WriteList(writer, "metadata-log", metadata.MetadataLog, (w, entry) =>
        {
            w.WriteStartObject();
            w.WriteNumber("timestamp-ms", entry.TimestampMs);
            w.WriteString("metadata-file", entry.MetadataFile);
            w.WriteEndObject();
        });
    }

    private static void WriteList<T>(
        Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }
}
