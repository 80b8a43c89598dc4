using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>The metadata tables that every table has.</summary>
public static class MetadataTables
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<MetadataTable> All { get; } =
    [
        OfTable("snapshots", MetadataSchemas.Snapshots, (t, _) => t.SnapshotsAsync(), r =>
            [PlainValue.Of(r.CommittedAt), r.SnapshotId, r.ParentId, r.Operation, r.ManifestList,
                r.Summary.ToDictionary(StringComparer.Ordinal)]),
        OfTable("history", MetadataSchemas.History, (t, _) => t.HistoryAsync(), r =>
            [PlainValue.Of(r.MadeCurrentAt), r.SnapshotId, r.ParentId, r.IsCurrentAncestor]),
        OfTable("refs", MetadataSchemas.Refs, (t, _) => t.RefsAsync(), r =>
        [
            r.Name, r.Ref.Kind == SnapshotRefKind.Branch ? "BRANCH" : "TAG", r.Ref.SnapshotId, r.Ref.MaxRefAgeMs,
            r.Ref.MinSnapshotsToKeep, r.Ref.MaxSnapshotAgeMs,
        ]),
        OfTable("metadata_log_entries", MetadataSchemas.MetadataLogEntries, (t, _) => t.MetadataLogEntriesAsync(), r =>
            [PlainValue.Of(r.Timestamp), r.File, r.LatestSnapshotId, r.LatestSchemaId, r.LatestSequenceNumber]),
        new("manifests", isOfOneSnapshot: true, _ => MetadataSchemas.Manifests, (t, snapshot, token) =>
            RowsAsync(t.ManifestsAsync(snapshot, token), Row)),
        OfTable("all_manifests", MetadataSchemas.AllManifests, (t, token) => t.AllManifestsAsync(token), r =>
            [.. Row(r), r.ReferenceSnapshotId]),
        new("partitions", isOfOneSnapshot: true, table => MetadataSchemas.Partitions(new UnifiedPartition(table).Type),
            (t, snapshot, token) => RowsAsync(t.PartitionsAsync(snapshot, token), r => Row(r, t.PartitionType))),
        Files("files", (t, snapshot, token) => t.FilesAsync(snapshot, token)),
        Files("data_files", (t, snapshot, token) => t.DataFilesAsync(snapshot, token)),
        Files("delete_files", (t, snapshot, token) => t.DeleteFilesAsync(snapshot, token)),
        Files("all_files", (t, _, token) => t.AllFilesAsync(token), isOfOneSnapshot: false),
        Files("all_data_files", (t, _, token) => t.AllDataFilesAsync(token), isOfOneSnapshot: false),
        Files("all_delete_files", (t, _, token) => t.AllDeleteFilesAsync(token), isOfOneSnapshot: false),
        Entries("entries", (t, snapshot, token) => t.EntriesAsync(snapshot, token)),
        Entries("all_entries", (t, _, token) => t.AllEntriesAsync(token), isOfOneSnapshot: false),
    ];

    private static MetadataTable OfTable<T>(
        string name,
        Schema schema,
        Func<TableInspection, CancellationToken, IAsyncEnumerable<T>> read,
        Func<T, object?[]> row) =>
        new(name, isOfOneSnapshot: false, _ => schema, (t, _, token) => RowsAsync(read(t, token), row));

    private static MetadataTable Files(
        string name,
        Func<TableInspection, long?, CancellationToken, IAsyncEnumerable<FileRow>> read,
        bool isOfOneSnapshot = true) =>
        new(name, isOfOneSnapshot, table => FileColumns.Flat(table).Schema, (t, snapshot, token) =>
            RowsAsync(read(t, snapshot, token), FileColumns.Flat(t.Metadata).Row));

    private static MetadataTable Entries(
        string name,
        Func<TableInspection, long?, CancellationToken, IAsyncEnumerable<EntryRow>> read,
        bool isOfOneSnapshot = true) =>
        new(name, isOfOneSnapshot, table => FileColumns.InEntries(table).Schema, (t, snapshot, token) =>
            RowsAsync(read(t, snapshot, token), FileColumns.InEntries(t.Metadata).Row));

    private static async IAsyncEnumerable<object?[]> RowsAsync<T>(IAsyncEnumerable<T> rows, Func<T, object?[]> row)
    {
        await foreach (var item in rows)
        {
            yield return row(item);
        }
    }

    private static object?[] Row(ManifestRow row)
    {
        var manifest = row.Manifest;
        var (data, deletes) = (manifest.Content == ManifestContent.Data, manifest.Content == ManifestContent.Deletes);
        return
        [
            (int)manifest.Content, manifest.Path, manifest.Length, manifest.SpecId, manifest.AddedSnapshotId,
            data ? manifest.AddedFilesCount : 0, data ? manifest.ExistingFilesCount : 0, data
                ? manifest.DeletedFilesCount : 0,
            deletes ? manifest.AddedFilesCount : 0, deletes ? manifest.ExistingFilesCount : 0,
            deletes ? manifest.DeletedFilesCount : 0, Summaries(row),
        ];
    }

    private static List<Dictionary<string, object?>>? Summaries(ManifestRow row) =>
        row.Manifest.Partitions is not { } summaries
        ? null
        :
        [
            .. summaries.Zip(row.Spec.Fields, row.PartitionType.Fields).Select(
                s => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["contains_null"] = s.First.ContainsNull,
                ["contains_nan"] = s.First.ContainsNaN,
                ["lower_bound"] = Text(s.Second.Transform, (PrimitiveType)s.Third.Type, s.First.LowerBound),
                ["upper_bound"] = Text(s.Second.Transform, (PrimitiveType)s.Third.Type, s.First.UpperBound),
            }),
        ];

    private static string? Text(Transform transform, PrimitiveType type, ReadOnlyMemory<byte>? bound) =>
        bound is { } bytes && SingleValue.TryFromBytes(type, bytes.Span, out var value)
            ? transform.ToHumanText(value) : null;

    private static object?[] Row(PartitionRow row, StructType partition)
    {
        object?[] counts =
        [
            row.RecordCount, row.FileCount, row.TotalDataFileSizeInBytes, row.PositionDeleteRecordCount,
            row.PositionDeleteFileCount, row.EqualityDeleteRecordCount, row.EqualityDeleteFileCount,
            row.LastUpdatedAt is { } updated ? PlainValue.Of(updated) : null, row.LastUpdatedSnapshotId,
        ];
        return partition.Fields.Count == 0
            ? counts : [PlainValue.Struct(partition, row.Partition), row.SpecId, .. counts];
    }
}
