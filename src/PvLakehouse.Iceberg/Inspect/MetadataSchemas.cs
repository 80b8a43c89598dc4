using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>The columns of the metadata tables, named, typed and numbered as in the reference implementation.</summary>
internal static class MetadataSchemas
{
    public static Schema Snapshots { get; } = new(
    [
        NestedField.Mandatory(1, "committed_at", IcebergType.TimestampTz),
        NestedField.Mandatory(2, "snapshot_id", IcebergType.Long),
        NestedField.Optional(3, "parent_id", IcebergType.Long),
        NestedField.Optional(4, "operation", IcebergType.String),
        NestedField.Optional(5, "manifest_list", IcebergType.String),
        NestedField.Optional(6, "summary", Map(7, IcebergType.String, 8, IcebergType.String)),
    ]);

    public static Schema History { get; } = new(
    [
        NestedField.Mandatory(1, "made_current_at", IcebergType.TimestampTz),
        NestedField.Mandatory(2, "snapshot_id", IcebergType.Long),
        NestedField.Optional(3, "parent_id", IcebergType.Long),
        NestedField.Mandatory(4, "is_current_ancestor", IcebergType.Boolean),
    ]);

    public static Schema Refs { get; } = new(
    [
        NestedField.Mandatory(1, "name", IcebergType.String),
        NestedField.Mandatory(2, "type", IcebergType.String),
        NestedField.Mandatory(3, "snapshot_id", IcebergType.Long),
        NestedField.Optional(4, "max_reference_age_in_ms", IcebergType.Long),
        NestedField.Optional(5, "min_snapshots_to_keep", IcebergType.Int),
        NestedField.Optional(6, "max_snapshot_age_in_ms", IcebergType.Long),
    ]);

    public static Schema MetadataLogEntries { get; } = new(
    [
        NestedField.Mandatory(1, "timestamp", IcebergType.TimestampTz),
        NestedField.Mandatory(2, "file", IcebergType.String),
        NestedField.Optional(3, "latest_snapshot_id", IcebergType.Long),
        NestedField.Optional(4, "latest_schema_id", IcebergType.Int),
        NestedField.Optional(5, "latest_sequence_number", IcebergType.Long),
    ]);

    /// <summary>Counts are optional: old version 1 manifest lists lack them, and unknown is not 0.</summary>
    public static Schema Manifests { get; } = new(
    [
        NestedField.Mandatory(14, "content", IcebergType.Int),
        NestedField.Mandatory(1, "path", IcebergType.String),
        NestedField.Mandatory(2, "length", IcebergType.Long),
        NestedField.Optional(3, "partition_spec_id", IcebergType.Int),
        NestedField.Optional(4, "added_snapshot_id", IcebergType.Long),
        NestedField.Optional(5, "added_data_files_count", IcebergType.Int),
        NestedField.Optional(6, "existing_data_files_count", IcebergType.Int),
        NestedField.Optional(7, "deleted_data_files_count", IcebergType.Int),
        NestedField.Optional(15, "added_delete_files_count", IcebergType.Int),
        NestedField.Optional(16, "existing_delete_files_count", IcebergType.Int),
        NestedField.Optional(17, "deleted_delete_files_count", IcebergType.Int),
        NestedField.Optional(8, "partition_summaries", new ListType(9, new StructType(
        [
            NestedField.Mandatory(10, "contains_null", IcebergType.Boolean),
            NestedField.Optional(11, "contains_nan", IcebergType.Boolean),
            NestedField.Optional(12, "lower_bound", IcebergType.String),
            NestedField.Optional(13, "upper_bound", IcebergType.String),
        ]), ElementRequired: true)),
    ]);

    public static Schema AllManifests { get; } = new(
    [
        .. Manifests.Columns,
        NestedField.Mandatory(18, "reference_snapshot_id", IcebergType.Long),
    ]);

    /// <summary>
    /// The columns of <c>partitions</c>; a table that was never partitioned has no partition to show.
    /// </summary>
    public static Schema Partitions(StructType partition)
    {
        NestedField[] counts =
        [
            NestedField.Mandatory(2, "record_count", IcebergType.Long, "Count of records in data files"),
            NestedField.Mandatory(3, "file_count", IcebergType.Int, "Count of data files"),
            NestedField.Mandatory(
                11, "total_data_file_size_in_bytes", IcebergType.Long, "Total size in bytes of data files"),
            NestedField.Mandatory(
                5, "position_delete_record_count", IcebergType.Long, "Count of records in position delete files"),
            NestedField.Mandatory(6, "position_delete_file_count", IcebergType.Int, "Count of position delete files"),
            NestedField.Mandatory(
                7, "equality_delete_record_count", IcebergType.Long, "Count of records in equality delete files"),
            NestedField.Mandatory(8, "equality_delete_file_count", IcebergType.Int, "Count of equality delete files"),
            NestedField.Optional(
                9, "last_updated_at", IcebergType.TimestampTz,
                    "Commit time of snapshot that last updated this partition"),
            NestedField.Optional(
                10, "last_updated_snapshot_id", IcebergType.Long, "Id of snapshot that last updated this partition"),
        ];
        return partition.Fields.Count == 0 ? new Schema(counts) : new Schema(
        [
            NestedField.Mandatory(1, "partition", partition),
            NestedField.Mandatory(4, "spec_id", IcebergType.Int),
            .. counts,
        ]);
    }

    /// <summary>The columns of <c>files</c> and its kin, without <c>readable_metrics</c>.</summary>
    public static StructType File(StructType partition) => new(
    [
        NestedField.Optional(
            134, "content", IcebergType.Int, "Contents of the file: 0=data, 1=position deletes, 2=equality deletes"),
        NestedField.Mandatory(100, "file_path", IcebergType.String, "Location URI with FS scheme"),
        NestedField.Mandatory(101, "file_format", IcebergType.String, "File format name: avro, orc, parquet or puffin"),
        NestedField.Optional(141, "spec_id", IcebergType.Int, "Partition spec ID"),
        .. partition.Fields.Count == 0 ? Array.Empty<NestedField>() :
        [
            NestedField.Mandatory(
                102, "partition", partition, "Partition data tuple, schema based on the partition spec"),
        ],
        NestedField.Mandatory(103, "record_count", IcebergType.Long, "Number of records in the file"),
        NestedField.Mandatory(104, "file_size_in_bytes", IcebergType.Long, "Total file size in bytes"),
        NestedField.Optional(
            108, "column_sizes", Map(117, IcebergType.Int, 118, IcebergType.Long),
                "Map of column id to total size on disk"),
        NestedField.Optional(
            109,
            "value_counts",
            Map(119, IcebergType.Int, 120, IcebergType.Long),
            "Map of column id to total count, including null and NaN"),
        NestedField.Optional(
            110, "null_value_counts", Map(121, IcebergType.Int, 122, IcebergType.Long),
                "Map of column id to null value count"),
        NestedField.Optional(
            137,
            "nan_value_counts",
            Map(138, IcebergType.Int, 139, IcebergType.Long),
            "Map of column id to number of NaN values in the column"),
        NestedField.Optional(
            125, "lower_bounds", Map(126, IcebergType.Int, 127, IcebergType.Binary), "Map of column id to lower bound"),
        NestedField.Optional(
            128, "upper_bounds", Map(129, IcebergType.Int, 130, IcebergType.Binary), "Map of column id to upper bound"),
        NestedField.Optional(131, "key_metadata", IcebergType.Binary, "Encryption key metadata blob"),
        NestedField.Optional(
            132, "split_offsets", new ListType(133, IcebergType.Long, ElementRequired: true), "Splittable offsets"),
        NestedField.Optional(
            135,
            "equality_ids",
            new ListType(136, IcebergType.Int, ElementRequired: true),
            "Equality comparison field IDs"),
        NestedField.Optional(140, "sort_order_id", IcebergType.Int, "Sort order ID"),
        NestedField.Optional(
            142, "first_row_id", IcebergType.Long, "The first row ID assigned to the first row in the data file"),
        NestedField.Optional(
            143,
            "referenced_data_file",
            IcebergType.String,
            "Fully qualified location (URI with FS scheme) of a data file that all deletes reference"),
        NestedField.Optional(
            144, "content_offset", IcebergType.Long, "The offset in the file where the content starts"),
        NestedField.Optional(
            145, "content_size_in_bytes", IcebergType.Long, "The length of referenced content stored in the file"),
    ]);

    /// <summary>The columns of <c>entries</c> and <c>all_entries</c>, without <c>readable_metrics</c>.</summary>
    public static IReadOnlyList<NestedField> Entry(StructType file) =>
    [
        NestedField.Mandatory(0, "status", IcebergType.Int),
        NestedField.Optional(1, "snapshot_id", IcebergType.Long),
        NestedField.Optional(3, "sequence_number", IcebergType.Long),
        NestedField.Optional(4, "file_sequence_number", IcebergType.Long),
        NestedField.Mandatory(2, "data_file", file),
    ];

    private static MapType Map(int keyId, IcebergType key, int valueId, IcebergType value) =>
        new(keyId, key, valueId, value, ValueRequired: true);
}
