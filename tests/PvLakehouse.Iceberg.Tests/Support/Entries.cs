using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>What the manifests of a snapshot say, and delete files to put into them.</summary>
internal static class Entries
{
    /// <summary>All entries of the current snapshot or another one, by name.</summary>
    public static async Task<List<(string File, EntryStatus Status, long Age, long SnapshotId)>> OfAsync(WritableTable table, Snapshot? snapshot = null)
    {
        var entries = new List<(string, EntryStatus, long, long)>();
        foreach (var manifest in await ManifestsAsync(table, snapshot))
        {
            await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
            {
                entries.Add((Path.GetFileNameWithoutExtension(entry.File.FilePath), entry.Status, entry.SequenceNumber!.Value, entry.SnapshotId!.Value));
            }
        }

        entries.Sort();
        return entries;
    }

    /// <summary>The names of files that are not deleted, data and delete files.</summary>
    public static async Task<List<string>> LiveAsync(WritableTable table) =>
        [.. (await OfAsync(table)).Where(e => e.Status != EntryStatus.Deleted).Select(e => e.File)];

    public static async Task<IReadOnlyList<ManifestFile>> ManifestsAsync(WritableTable table, Snapshot? snapshot = null) =>
        (snapshot ?? table.CurrentSnapshot) is { } known
            ? await ManifestListReader.ReadAsync(table.Io, table.Metadata, known, TestTable.Cancel)
            : [];

    /// <summary>Position deletes of one month, of one data file if named.</summary>
    public static DataFile Positions(int month, string name, string? path = null, long rows = 2) => TestTable.Month(2025, month) with
    {
        Content = FileContent.PositionDeletes,
        FilePath = $"mem:/data/{name}.parquet",
        RecordCount = rows,
        FileSizeInBytes = 7,
        Metrics = ColumnMetrics.None,
        ReferencedDataFile = path,
    };

    /// <summary>Deleted facilities of one month.</summary>
    public static DataFile Keys(int month, string name, long rows = 3) => Positions(month, name) with
    {
        Content = FileContent.EqualityDeletes,
        RecordCount = rows,
        EqualityIds = [1],
    };

    public static Task<Table> ReloadAsync(Table table) => table.Catalog.LoadTableAsync(table.Identifier, TestTable.Cancel);

    /// <summary>A table with a file for each of some months of 2025, added by one commit.</summary>
    public static async Task<Table> MonthsAsync(Iceberg.IO.IFileIO? io, params int[] months)
    {
        var table = await TestTable.CreateAsync(io);
        await table.NewAppend().AddRange(months.Select(m => TestTable.Month(2025, m))).CommitAsync(TestTable.Cancel);
        return table;
    }
}
