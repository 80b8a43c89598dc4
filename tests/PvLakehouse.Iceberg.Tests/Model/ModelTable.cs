using System.Collections.Immutable;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>
/// A table, and beside it in plain collections what each of its snapshots, branches and tags must hold.
/// </summary>
internal sealed class ModelTable
{
    /// <summary>Field id of the path in position delete files.</summary>
    private const int DeletedFilePath = 2147483546;

    private readonly Dictionary<string, ModelFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelDelete> _deletes = new(StringComparer.Ordinal);
    private int _rows;

    private ModelTable(Table table) => Table = table;

    /// <summary>The table as the last operation left it.</summary>
    public Table Table { get; private set; }

    /// <summary>The snapshots that are kept.</summary>
    public Dictionary<long, ModelSnapshot> Snapshots { get; } = [];

    public SortedDictionary<string, (long SnapshotId, bool IsTag)> Refs { get; } = new(StringComparer.Ordinal);

    /// <summary>What was done, for messages.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The names of the columns.</summary>
    public List<string> Columns { get; } = ["k", "p", "v"];

    /// <summary>What column v is called now.</summary>
    public string V { get; set; } = "v";

    public static async Task<ModelTable> CreateAsync(int seed, Dictionary<string, string> properties)
    {
        var table = await TestTable.CreateAsync(
            new InMemoryFileIO(), context: new CommitContext(new InstantTime(), new IdSource(seed)));
        await table.Catalog.DropTableAsync(TestTable.Name, TestTable.Cancel);
        var schema = new Schema(
        [
            NestedField.Mandatory(1, "k", IcebergType.Int),
            NestedField.Mandatory(2, "p", IcebergType.Int),
            NestedField.Optional(3, "v", IcebergType.Int),
        ]);
        return new ModelTable(await table.Catalog.CreateTableAsync(
            TestTable.Name, new() { Schema = schema, Properties = properties }, TestTable.Cancel));
    }

    /// <summary>What a branch holds; one that is not there begins where main is.</summary>
    public ModelState Of(string branch) =>
        Refs.TryGetValue(branch, out var reference) ? Snapshots[reference.SnapshotId].State
        : Refs.TryGetValue(SnapshotRef.Main, out var main) ? Snapshots[main.SnapshotId].State
        : ModelState.Empty;

    public long? HeadOf(string branch) =>
        Refs.TryGetValue(branch, out var reference) ? reference.SnapshotId
        : Refs.TryGetValue(SnapshotRef.Main, out var main) ? main.SnapshotId
        : null;

    /// <summary>A snapshot and those before it, as far as they are kept.</summary>
    public IEnumerable<long> Ancestors(long? snapshotId)
    {
        for (var id = snapshotId; id is { } known && Snapshots.ContainsKey(known); id = Snapshots[known].Parent)
        {
            yield return known;
        }
    }

    public async Task<Table> LoadAsync() => await Entries.ReloadAsync(Table);

    /// <summary>A new data file of the present spec, with rows of one P.</summary>
    public ModelFile NewFile(int p, IEnumerable<(int K, int? V)> rows, PartitionSpec? spec = null) =>
        NewFile([.. rows.Select(r => new ModelRow(_rows++, r.K, p, r.V))], spec ?? Table.Spec);

    /// <summary>A data file that holds rows which other files held before.</summary>
    public ModelFile NewFile(ImmutableArray<ModelRow> rows, PartitionSpec spec)
    {
        var data = new DataFile
        {
            FilePath = $"mem:/data/f{_files.Count}.parquet",
            SpecId = spec.SpecId,
            Partition = PartitionOf(spec, rows[0].P),
            RecordCount = rows.Length,
            FileSizeInBytes = 100,
            Metrics = DataFileMetrics.From(Table.Metadata, new Dictionary<int, ColumnStatistics>
            {
                [1] = Of(rows, r => r.K),
                [2] = Of(rows, r => r.P),
                [3] = Of(rows, r => r.V),
            }),
        };
        return _files[data.FilePath] = new ModelFile(data, rows);
    }

    /// <summary>A new file of deleted positions, all in files of one partition.</summary>
    /// <param name="rows">The files and which of their rows.</param>
    /// <param name="bounds">Whether it tells which file it is about: not, by name, or by bounds.</param>
    public ModelDelete NewPositions(IReadOnlyList<(ModelFile File, int Position)> rows, int bounds)
    {
        var first = rows[0].File.File;
        var path = System.Text.Encoding.UTF8.GetBytes(first.FilePath);
        return Keep(new ModelDelete(
            new DataFile
            {
                Content = FileContent.PositionDeletes,
                FilePath = $"mem:/data/d{_deletes.Count}.parquet",
                SpecId = first.SpecId,
                Partition = first.Partition,
                RecordCount = rows.Count,
                FileSizeInBytes = 10,
                ReferencedDataFile = bounds == 1 ? first.FilePath : null,
                Metrics = bounds != 2 ? ColumnMetrics.None : new ColumnMetrics
                {
                    LowerBounds = TestTable.Map(DeletedFilePath, (ReadOnlyMemory<byte>)path),
                    UpperBounds = TestTable.Map(DeletedFilePath, (ReadOnlyMemory<byte>)path),
                },
            },
            [.. rows.Select(r => (r.File.Path, r.Position))],
            []));
    }

    /// <summary>A new file of deleted keys.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="spec">Its spec; an unpartitioned one makes it hold for all partitions.</param>
    /// <param name="p">Its partition.</param>
    /// <param name="withMetrics">Whether it tells the range of its keys.</param>
    public ModelDelete NewKeys(ImmutableHashSet<int> keys, PartitionSpec spec, int p, bool withMetrics) =>
        Keep(new ModelDelete(
            new DataFile
            {
                Content = FileContent.EqualityDeletes,
                FilePath = $"mem:/data/d{_deletes.Count}.parquet",
                SpecId = spec.SpecId,
                Partition = PartitionOf(spec, p),
                RecordCount = keys.Count,
                FileSizeInBytes = 10,
                EqualityIds = [1],
                Metrics = !withMetrics ? ColumnMetrics.None : DataFileMetrics.From(
                    Table.Metadata,
                    new Dictionary<int, ColumnStatistics>
                    {
                        [1] = Of([.. keys.Select(k => new ModelRow(0, k, p, null))], r => r.K),
                    }),
            },
            [],
            keys));

    /// <summary>Notes a snapshot.</summary>
    /// <param name="snapshot">What was made.</param>
    /// <param name="branch">The branch that it was made on; null for one that was staged.</param>
    /// <param name="state">What it must hold.</param>
    /// <param name="change">What made it; null for a cherry-pick.</param>
    /// <param name="source">The snapshot that was picked.</param>
    public void Made(Snapshot snapshot, string? branch, ModelState state, ModelChange? change, long? source = null)
    {
        var before = Of(branch ?? SnapshotRef.Main);
        var parent = HeadOf(branch ?? SnapshotRef.Main);
        Assert.Equal(parent, snapshot.ParentSnapshotId);
        Snapshots[snapshot.SnapshotId] = new ModelSnapshot(
            state,
            parent,
            source,
            snapshot.Operation == SnapshotOperation.Append,
            change?.ReplacesPartitions ?? false,
            [.. state.Files.Values.Where(f => !before.Files.ContainsKey(f.Path))],
            [.. before.Files.Values.Where(f => !state.Files.ContainsKey(f.Path))]);
        Log.Add(
            $"{change?.Name ?? $"cherry-pick of {Short(source)}"} on {branch ?? "no branch"}: "
            + $"{Short(snapshot.SnapshotId)} after {Short(parent)}, +{Names(state, before)} -{Names(before, state)} "
            + $"deleted {string.Join(' ', state.Dead.Except(before.Dead).Order())}");
        if (branch is not null)
        {
            Refs[branch] = (snapshot.SnapshotId, false);
        }
    }

    /// <summary>An id as messages have it.</summary>
    public static string Short(long? snapshotId) => $"s{snapshotId % 10_000}";

    /// <summary>Compares what the table says with what it must hold.</summary>
    public async Task CheckAsync(IReadOnlyList<ModelFilter> filters)
    {
        Table = await LoadAsync();
        Assert.Equal(Columns, Table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(
            Refs.Select(r => (r.Key, r.Value.SnapshotId, r.Value.IsTag)),
            Table.Metadata.Refs.OrderBy(r => r.Key, StringComparer.Ordinal)
                .Select(r => (r.Key, r.Value.SnapshotId, r.Value.Kind == SnapshotRefKind.Tag)));
        Assert.Equal(Snapshots.Keys.Order(), Table.Metadata.Snapshots.Select(s => s.SnapshotId).Order());
        foreach (var (name, (id, isTag)) in Refs)
        {
            await CheckAsync(Table.NewScan().UseRef(name), Snapshots[id].State, isTag ? [] : filters);
            var summary = Table.Metadata.FindSnapshot(id)!.Summary;
            Assert.Equal($"{Snapshots[id].State.Files.Count}", summary[SummaryKeys.TotalDataFiles]);
            Assert.Equal(
                $"{Snapshots[id].State.Files.Values.Sum(f => f.Rows.Length)}", summary[SummaryKeys.TotalRecords]);
        }
    }

    /// <summary>Compares every snapshot that is kept.</summary>
    public async Task CheckHistoryAsync()
    {
        foreach (var (id, snapshot) in Snapshots)
        {
            await CheckAsync(Table.NewScan().UseSnapshot(id), snapshot.State, []);
        }
    }

    /// <summary>Compares a plan with and without filters.</summary>
    public async Task CheckAsync(TableScan scan, ModelState state, IReadOnlyList<ModelFilter> filters)
    {
        var (files, rows) = await ReadAsync(scan, state);
        Assert.Equal(state.Files.Keys.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.Equal(state.Rows.Select(r => r.Id).Order(), rows.Select(r => r.Id).Order());
        foreach (var filter in filters)
        {
            var (few, found) = await ReadAsync(scan.Where(filter.Expression(V)), state);
            Assert.Empty(few.Except(files));
            Assert.Equal(
                state.Rows.Where(filter.Matches).Select(r => r.Id).Order(),
                found.Where(filter.Matches).Select(r => r.Id).Order());
            (Pruned, Planned) = (Pruned + files.Count - few.Count, Planned + few.Count);
        }
    }

    /// <summary>Files that filters spared.</summary>
    public int Pruned { get; private set; }

    /// <summary>Files that filters left.</summary>
    public int Planned { get; private set; }

    /// <summary>Deletes that were planned with files.</summary>
    public int Deletes { get; private set; }

    /// <summary>What an engine would read: each planned file without what its planned deletes say.</summary>
    private async Task<(List<string> Files, List<ModelRow> Rows)> ReadAsync(TableScan scan, ModelState state)
    {
        var (files, rows) = (new List<string>(), new List<ModelRow>());
        await foreach (var task in scan.PlanFilesAsync(TestTable.Cancel))
        {
            var file = _files[task.File.FilePath];
            var deletes = task.Deletes.Select(d => _deletes[d.File.FilePath]).ToList();
            Assert.All(deletes, d => Assert.True(d.Covers(task.File), $"{d.File.FilePath} for {file.Path}"));
            Assert.Equal(deletes.Distinct().Count(), deletes.Count);
            Assert.Equal((file.File.RecordCount, file.File.SpecId), (task.File.RecordCount, task.File.SpecId));
            var gone = deletes.SelectMany(d => d.RowsOf(file)).Select(r => r.Id).ToHashSet();
            Deletes += deletes.Count;
            files.Add(file.Path);
            rows.AddRange(file.Rows.Where(r => !gone.Contains(r.Id)));
        }

        Assert.Equal(files.Distinct().Count(), files.Count);
        return (files, rows);
    }

    private static PartitionValues PartitionOf(PartitionSpec spec, int p) => spec.Fields.Count == 0
        ? PartitionValues.None
        : spec.Partition(_ => Literal.Int(p));

    private static ColumnStatistics Of(ImmutableArray<ModelRow> rows, Func<ModelRow, int?> column)
    {
        var values = rows.Select(column).ToList();
        return new ColumnStatistics
        {
            ValueCount = values.Count,
            NullCount = values.Count(v => v is null),
            NanCount = 0,
            Min = values.Min() is { } min ? Literal.Int(min) : null,
            Max = values.Max() is { } max ? Literal.Int(max) : null,
        };
    }

    private static string Names(ModelState files, ModelState without) => string.Join(
        ' ',
        files.Files.Values.Where(f => !without.Files.ContainsKey(f.Path))
            .Select(f => $"{Path.GetFileNameWithoutExtension(f.Path)}({f.File.SpecId}/{f.Rows[0].P}: "
                + $"{string.Join(' ', f.Rows.Select(r => $"{r.Id}={r.K}"))})"));

    private ModelDelete Keep(ModelDelete delete) => _deletes[delete.File.FilePath] = delete;
}
