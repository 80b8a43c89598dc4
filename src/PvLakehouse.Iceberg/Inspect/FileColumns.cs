using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>
/// The columns that describe a file: flat in <c>files</c>, as the struct <c>data_file</c> in <c>entries</c>.
/// </summary>
internal sealed class FileColumns
{
    private readonly StructType _partition;
    private readonly StructType _file;
    private readonly ReadableMetrics _metrics;

    private FileColumns(TableMetadata table, bool nested)
    {
        _partition = new UnifiedPartition(table).Type;
        _file = MetadataSchemas.File(_partition);
        var columns = nested ? MetadataSchemas.Entry(_file) : _file.Fields;
        _metrics = new ReadableMetrics(table.Schema, new Schema(columns).HighestFieldId);
        Schema = new Schema([.. columns, _metrics.Field]);
    }

    public Schema Schema { get; }

    public static FileColumns Flat(TableMetadata table) => new(table, nested: false);

    public static FileColumns InEntries(TableMetadata table) => new(table, nested: true);

    public object?[] Row(FileRow row) => [.. Values(row.File, row.Partition), _metrics.Of(row.File.Metrics)];

    public object?[] Row(EntryRow row)
    {
        var file = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (field, value) in _file.Fields.Zip(Values(row.Entry.File, row.Partition)))
        {
            file.Add(field.Name, value);
        }

        return
        [
            (int)row.Entry.Status, row.Entry.SnapshotId, row.Entry.SequenceNumber, row.Entry.FileSequenceNumber, file,
            _metrics.Of(row.Entry.File.Metrics),
        ];
    }

    private List<object?> Values(DataFile file, PartitionValues partition)
    {
        var values = new List<object?> { (int)file.Content, file.FilePath, FileFormats.Print(file.Format),
            file.SpecId };
        if (_partition.Fields.Count > 0)
        {
            values.Add(PlainValue.Struct(_partition, partition));
        }

        values.AddRange(
        [
            file.RecordCount, file.FileSizeInBytes, Map(file.Metrics.ColumnSizes), Map(file.Metrics.ValueCounts),
            Map(file.Metrics.NullValueCounts), Map(file.Metrics.NanValueCounts), Bytes(file.Metrics.LowerBounds),
            Bytes(file.Metrics.UpperBounds), file.KeyMetadata?.ToArray(), file.SplitOffsets?.ToList(),
            file.EqualityIds?.ToList(), file.SortOrderId, file.FirstRowId, file.ReferencedDataFile, file.ContentOffset,
            file.ContentSizeInBytes,
        ]);
        return values;
    }

    /// <summary>A map of metrics; null when nothing is known, as in manifests that leave it out.</summary>
    private static Dictionary<int, long>? Map(FieldMap<long> map) => map.Count == 0 ? null : map.ToDictionary();

    private static Dictionary<int, byte[]>? Bytes(FieldMap<ReadOnlyMemory<byte>> map) =>
        map.Count == 0 ? null : map.ToDictionary(e => e.Key, e => e.Value.ToArray());
}
