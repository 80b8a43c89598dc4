using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Makes tables with delete files, as Spark, Trino and Flink leave them: one snapshot of any entries.</summary>
internal static class DeltaTable
{
    public const string Path = "mem:/delta";

    public static readonly Schema Schema = new(
    [
        NestedField.Mandatory(1, "id", IcebergType.Long),
        NestedField.Optional(2, "day", IcebergType.Date),
        NestedField.Optional(3, "note", IcebergType.String),
    ]);

    public static PartitionSpec ByDay => PartitionSpec.For(Schema).Identity("day").Build(1);

    /// <param name="entries">Entries with their sequence numbers; each spec and content becomes a manifest.</param>
    /// <param name="schemas">Earlier schemas of the table.</param>
    public static async Task<Table> CreateAsync(IEnumerable<ManifestEntry> entries, params Schema[] schemas)
    {
        var io = new InMemoryFileIO();
        var builder = TableMetadataBuilder.ForNewTable().AssignUuid(Guid.NewGuid()).UpgradeFormatVersion(2).SetLocation(Path);
        foreach (var schema in (Schema[])[.. schemas, Schema])
        {
            builder.AddSchema(schema).SetCurrentSchema();
        }

        builder.AddSpec(PartitionSpec.Unpartitioned).AddSpec(ByDay).SetDefaultSpec(1)
            .AddSortOrder(SortOrder.Unsorted).SetDefaultSortOrder(0);
        var manifests = new List<ManifestFile>();
        var all = entries.ToList();
        foreach (var group in all.GroupBy(e => (e.File.SpecId, IsDelete: e.File.Content != FileContent.Data)))
        {
            var spec = group.Key.SpecId == 0 ? PartitionSpec.Unpartitioned : ByDay;
            await using var writer = await ManifestWriter.CreateAsync(
                io, $"{Path}/m{manifests.Count}.avro", Schema, spec, group.Key.IsDelete ? ManifestContent.Deletes : ManifestContent.Data,
                snapshotId: 1, Guid.NewGuid(), TestTable.Cancel);
            foreach (var entry in group)
            {
                await writer.WriteAsync(entry, TestTable.Cancel);
            }

            manifests.Add(await writer.CompleteAsync(TestTable.Cancel));
        }

        await ManifestListWriter.WriteAsync(io, $"{Path}/list.avro", 1, null, 9, manifests, Guid.NewGuid(), TestTable.Cancel);
        var metadata = builder
            .AddSnapshot(new Snapshot
            {
                SnapshotId = 1,
                SequenceNumber = 9,
                TimestampMs = 1,
                ManifestList = $"{Path}/list.avro",
                Summary = new Dictionary<string, string> { ["operation"] = "append" },
            })
            .SetRef(SnapshotRef.Main, new SnapshotRef(1, SnapshotRefKind.Branch))
            .Build(DateTimeOffset.UnixEpoch);
        return StaticTable.Of(io, metadata, $"{Path}/v1.metadata.json", TestTable.Name);
    }

    public static ManifestEntry Data(string name, long sequenceNumber, int? day = null, ColumnMetrics? metrics = null) =>
        Entry(FileContent.Data, name, sequenceNumber, day, metrics);

    public static ManifestEntry Keys(string name, long sequenceNumber, int? day = null, ColumnMetrics? metrics = null, params int[] ids)
    {
        var entry = Entry(FileContent.EqualityDeletes, name, sequenceNumber, day, metrics);
        return entry with { File = entry.File with { EqualityIds = ids.Length == 0 ? [1] : ids } };
    }

    public static ManifestEntry Positions(
        string name, long sequenceNumber, int? day = null, string? referenced = null, string? lower = null, string? upper = null)
    {
        var metrics = new ColumnMetrics { LowerBounds = Bound(lower), UpperBounds = Bound(upper) };
        var entry = Entry(FileContent.PositionDeletes, name, sequenceNumber, day, metrics);
        return entry with { File = entry.File with { ReferencedDataFile = referenced } };

        static FieldMap<ReadOnlyMemory<byte>> Bound(string? path) => path is null
            ? FieldMap<ReadOnlyMemory<byte>>.Empty
            : TestTable.Map<ReadOnlyMemory<byte>>(2147483546, System.Text.Encoding.UTF8.GetBytes(path));
    }

    public static ManifestEntry Vector(string name, long sequenceNumber, string? referenced, int? day = null)
    {
        var entry = Entry(FileContent.PositionDeletes, name, sequenceNumber, day, null);
        return entry with
        {
            File = entry.File with { Format = FileFormat.Puffin, ReferencedDataFile = referenced, ContentOffset = 4, ContentSizeInBytes = 40 },
        };
    }

    /// <summary>Metrics of field 1 by counts and bounds.</summary>
    public static ColumnMetrics Ids(long lower, long upper, long nulls = 0, long values = 10) => new()
    {
        ValueCounts = TestTable.Map(1, values),
        NullValueCounts = TestTable.Map(1, nulls),
        LowerBounds = TestTable.Map<ReadOnlyMemory<byte>>(1, SingleValue.ToBytes(Literal.Long(lower))),
        UpperBounds = TestTable.Map<ReadOnlyMemory<byte>>(1, SingleValue.ToBytes(Literal.Long(upper))),
    };

    /// <summary>Metrics of field 1 when all values are null.</summary>
    public static ColumnMetrics Nulls(long values) => new() { ValueCounts = TestTable.Map(1, values), NullValueCounts = TestTable.Map(1, values) };

    /// <param name="day">Partition; null lies in the spec without fields.</param>
    private static ManifestEntry Entry(FileContent content, string name, long sequenceNumber, int? day, ColumnMetrics? metrics) => new(
        EntryStatus.Existing, 1, sequenceNumber, sequenceNumber, new DataFile
        {
            Content = content,
            FilePath = name,
            RecordCount = 10,
            FileSizeInBytes = 100,
            SpecId = day is null ? 0 : 1,
            Partition = day is { } d ? new PartitionValues([Literal.Whole(IcebergType.Date, d)]) : PartitionValues.None,
            Metrics = metrics ?? ColumnMetrics.None,
        });
}
