using System.Globalization;
using System.Text;
using System.Text.Json;
using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>The Avro schemas of the manifests and manifest lists that are written here (format version 2).</summary>
internal static class ManifestSchemas
{
    public static string ManifestList() => JsonText.Write(w => Record(w, "manifest_file", () =>
    {
        Field(w, 500, "manifest_path", "string");
        Field(w, 501, "manifest_length", "long");
        Field(w, 502, "partition_spec_id", "int");
        Field(w, 517, "content", "int");
        Field(w, 515, "sequence_number", "long");
        Field(w, 516, "min_sequence_number", "long");
        Field(w, 503, "added_snapshot_id", "long");
        Field(w, 504, "added_files_count", "int");
        Field(w, 505, "existing_files_count", "int");
        Field(w, 506, "deleted_files_count", "int");
        Field(w, 512, "added_rows_count", "long");
        Field(w, 513, "existing_rows_count", "long");
        Field(w, 514, "deleted_rows_count", "long");
        Optional(w, 507, "partitions", () => Array(w, 508, () => Record(w, "r508", () =>
        {
            Field(w, 509, "contains_null", "boolean");
            Optional(w, 518, "contains_nan", () => w.WriteStringValue("boolean"));
            Optional(w, 510, "lower_bound", () => w.WriteStringValue("bytes"));
            Optional(w, 511, "upper_bound", () => w.WriteStringValue("bytes"));
        })));
        Optional(w, 519, "key_metadata", () => w.WriteStringValue("bytes"));
    }));

    public static string Manifest(StructType partitionType) => JsonText.Write(w => Record(w, "manifest_entry", () =>
    {
        Field(w, EntryFields.Status, "status", "int");
        Optional(w, EntryFields.SnapshotId, "snapshot_id", () => w.WriteStringValue("long"));
        Optional(w, EntryFields.SequenceNumber, "sequence_number", () => w.WriteStringValue("long"));
        Optional(w, EntryFields.FileSequenceNumber, "file_sequence_number", () => w.WriteStringValue("long"));
        Field(w, EntryFields.DataFile, "data_file", () => Record(w, "r2", () => DataFile(w, partitionType)));
    }));

    /// <summary>A name that Avro allows: letters, digits and underscores, no digit first.</summary>
    public static string Sanitise(string name)
    {
        var builder = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetter(c) || c == '_' || (char.IsAsciiDigit(c) && builder.Length > 0))
            {
                builder.Append(c);
            }
            else if (char.IsAsciiDigit(c))
            {
                builder.Append('_').Append(c);
            }
            else
            {
                builder.Append("_x").Append(((int)c).ToString("X", CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }

    private static void DataFile(Utf8JsonWriter w, StructType partitionType)
    {
        Field(w, EntryFields.Content, "content", "int");
        Field(w, EntryFields.FilePath, "file_path", "string");
        Field(w, EntryFields.FileFormat, "file_format", "string");
        Field(w, EntryFields.Partition, "partition", () => Partition(w, partitionType));
        Field(w, EntryFields.RecordCount, "record_count", "long");
        Field(w, EntryFields.FileSize, "file_size_in_bytes", "long");
        Map(w, EntryFields.ColumnSizes, "column_sizes", 117, 118, "long");
        Map(w, EntryFields.ValueCounts, "value_counts", 119, 120, "long");
        Map(w, EntryFields.NullValueCounts, "null_value_counts", 121, 122, "long");
        Map(w, EntryFields.NanValueCounts, "nan_value_counts", 138, 139, "long");
        Map(w, EntryFields.LowerBounds, "lower_bounds", 126, 127, "bytes");
        Map(w, EntryFields.UpperBounds, "upper_bounds", 129, 130, "bytes");
        Optional(w, EntryFields.KeyMetadata, "key_metadata", () => w.WriteStringValue("bytes"));
        Optional(w, EntryFields.SplitOffsets, "split_offsets", () => Array(w, 133, () => w.WriteStringValue("long")));
        Optional(w, EntryFields.EqualityIds, "equality_ids", () => Array(w, 136, () => w.WriteStringValue("int")));
        Optional(w, EntryFields.SortOrderId, "sort_order_id", () => w.WriteStringValue("int"));
        Optional(w, EntryFields.ReferencedDataFile, "referenced_data_file", () => w.WriteStringValue("string"));
    }

    private static void Partition(Utf8JsonWriter w, StructType partitionType)
    {
        // Avro knows a named type after its first definition; defining it again would be an error.
        var defined = new HashSet<string>(StringComparer.Ordinal);
        Record(w, "r102", () =>
        {
            foreach (var field in partitionType.Fields)
            {
                var name = Sanitise(field.Name);
                Optional(
                    w, field.Id, name, () => PartitionValue(w, (PrimitiveType)field.Type, defined),
                    name == field.Name ? null : field.Name);
            }
        });
    }

    private static void PartitionValue(Utf8JsonWriter w, PrimitiveType type, HashSet<string> defined)
    {
        switch (type.Kind)
        {
            case TypeKind.Decimal:
                Fixed(w, $"decimal_{type.Precision}_{type.Scale}", DecimalBytes(type.Precision), defined, "decimal", () =>
                {
                    w.WriteNumber("precision", type.Precision);
                    w.WriteNumber("scale", type.Scale);
                });
                break;
            case TypeKind.Fixed:
                Fixed(w, $"fixed_{type.Length}", type.Length, defined, null, () => { });
                break;
            case TypeKind.Uuid:
                Fixed(w, "uuid_fixed", 16, defined, "uuid", () => { });
                break;
            case TypeKind.Date:
                Logical(w, "int", "date", null);
                break;
            case TypeKind.Time:
                Logical(w, "long", "time-micros", null);
                break;
            case TypeKind.Timestamp or TypeKind.TimestampTz:
                Logical(w, "long", "timestamp-micros", type.Kind == TypeKind.TimestampTz);
                break;
            case TypeKind.TimestampNs or TypeKind.TimestampTzNs:
                Logical(w, "long", "timestamp-nanos", type.Kind == TypeKind.TimestampTzNs);
                break;
            case TypeKind.Binary:
                w.WriteStringValue("bytes");
                break;
            default:
                w.WriteStringValue(type.ToString());
                break;
        }
    }

    /// <summary>The fewest bytes that hold every unscaled value of a precision.</summary>
    public static int DecimalBytes(int precision)
    {
        var largest = System.Numerics.BigInteger.Pow(10, precision);
        return largest.GetByteCount(isUnsigned: false);
    }

    private static void Logical(Utf8JsonWriter w, string type, string logicalType, bool? adjustToUtc)
    {
        w.WriteStartObject();
        w.WriteString("type", type);
        w.WriteString("logicalType", logicalType);
        if (adjustToUtc is { } adjust)
        {
            w.WriteBoolean("adjust-to-utc", adjust);
        }

        w.WriteEndObject();
    }

    private static void Fixed(
        Utf8JsonWriter w, string name, int size, HashSet<string> defined, string? logicalType, Action attributes)
    {
        if (!defined.Add(name))
        {
            w.WriteStringValue(name);
            return;
        }

        w.WriteStartObject();
        w.WriteString("type", "fixed");
        w.WriteString("name", name);
        w.WriteNumber("size", size);
        if (logicalType is not null)
        {
            w.WriteString("logicalType", logicalType);
        }

        attributes();
        w.WriteEndObject();
    }

    private static void Record(Utf8JsonWriter w, string name, Action fields)
    {
        w.WriteStartObject();
        w.WriteString("type", "record");
        w.WriteString("name", name);
        w.WriteStartArray("fields");
        fields();
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter w, int id, string name, string type) =>
        Field(w, id, name, () => w.WriteStringValue(type));

    private static void Field(Utf8JsonWriter w, int id, string name, Action type)
    {
        w.WriteStartObject();
        w.WriteString("name", name);
        w.WritePropertyName("type");
        type();
        w.WriteNumber("field-id", id);
        w.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter w, int id, string name, Action type, string? icebergName = null)
    {
        w.WriteStartObject();
        w.WriteString("name", name);
        w.WriteStartArray("type");
        w.WriteStringValue("null");
        type();
        w.WriteEndArray();
        w.WriteNull("default");
        if (icebergName is not null)
        {
            w.WriteString("iceberg-field-name", icebergName);
        }

        w.WriteNumber("field-id", id);
        w.WriteEndObject();
    }

    private static void Array(Utf8JsonWriter w, int elementId, Action items)
    {
        w.WriteStartObject();
        w.WriteString("type", "array");
        w.WritePropertyName("items");
        items();
        w.WriteNumber("element-id", elementId);
        w.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter w, int id, string name, int keyId, int valueId, string value) =>
        Optional(w, id, name, () =>
        {
            w.WriteStartObject();
            w.WriteString("type", "array");
            w.WritePropertyName("items");
            Record(w, $"k{keyId}_v{valueId}", () =>
            {
                Field(w, keyId, "key", "int");
                Field(w, valueId, "value", value);
            });
            w.WriteString("logicalType", "map");
            w.WriteEndObject();
        });
}
