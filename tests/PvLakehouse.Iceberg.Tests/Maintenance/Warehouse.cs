using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>A table in memory whose data files are really there, at a clock that tests move.</summary>
internal sealed class Warehouse
{
    private Warehouse(InMemoryFileIO files, InstantTime time, Table table)
    {
        Files = files;
        Time = time;
        Table = table;
    }

    public InMemoryFileIO Files { get; }

    public InstantTime Time { get; }

    public Table Table { get; }

    public static async Task<Warehouse> CreateAsync(
        Func<IFileIO, IFileIO>? around = null, Dictionary<string, string>? properties = null, int seed = 1)
    {
        var time = new InstantTime();
        var files = new InMemoryFileIO(time);
        var table = await TestTable.CreateAsync(
            around?.Invoke(files) ?? files,
            PartitionSpec.Unpartitioned,
            new CommitContext(time, new IdSource(seed)),
            properties);
        return new Warehouse(files, time, table);
    }

    /// <summary>Writes a file of rows and describes it; its name tells it apart.</summary>
    public async Task<DataFile> DataAsync(string name)
    {
        var path = $"{Table.Locations.DataRoot}/{name}.parquet";
        await PutAsync(path);
        return TestTable.File(name) with { FilePath = path };
    }

    public async Task PutAsync(string path)
    {
        await using var file = await Files.CreateAsync(path, TestTable.Cancel);
        await file.Content.WriteAsync("rows"u8.ToArray(), TestTable.Cancel);
        await file.CompleteAsync(TestTable.Cancel);
    }

    public async Task<Snapshot> AppendAsync(string name, string branch = "main") =>
        await Table.NewAppend().Add(await DataAsync(name)).ToBranch(branch).CommitAsync(TestTable.Cancel);

    public async Task<Snapshot> ReplaceAsync(string old, string name) => await Table.NewOverwrite()
        .Remove(TestTable.File(old) with { FilePath = $"{Table.Locations.DataRoot}/{old}.parquet" })
        .Add(await DataAsync(name)).CommitAsync(TestTable.Cancel);

    public Task RefAsync(
        string name, long snapshotId, SnapshotRefKind kind, Func<SnapshotRef, SnapshotRef>? with = null) =>
        Table.UpdateAsync(
            b => b.SetRef(name, (with ?? (r => r))(new SnapshotRef(snapshotId, kind))), TestTable.Cancel);

    public void Days(double days) => Time.Advance(TimeSpan.FromDays(days));

    /// <summary>
    /// The names of a snapshot's data files; fails when one of them, or what leads to it, is missing.
    /// </summary>
    public async Task<List<string>> ReadAsync(long snapshotId)
    {
        var table = await Table.Catalog.LoadTableAsync(Table.Identifier, TestTable.Cancel);
        var names = new List<string>();
        await foreach (var row in table.Inspect().FilesAsync(snapshotId, TestTable.Cancel))
        {
            Assert.True(await Files.ExistsAsync(row.File.FilePath, TestTable.Cancel), $"{row.File.FilePath} is gone");
            names.Add(Path.GetFileNameWithoutExtension(row.File.FilePath));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The names of all data files that are there.</summary>
    public List<string> DataFiles() =>
    [
        .. Files.Locations.Where(l => l.EndsWith(".parquet", StringComparison.Ordinal))
            .Select(l => Path.GetFileNameWithoutExtension(l)).Order(StringComparer.Ordinal),
    ];
}
