using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// Tables whose data files are really there, seen by one client that meets faults and by others that do not.
/// </summary>
internal sealed class FaultLake
{
    private readonly FaultedCatalog.Database _database = new();
    private readonly CommitContext _context;

    public FaultLake(int seed)
    {
        Time = new InstantTime();
        Files = new InMemoryFileIO(Time);
        _context = new CommitContext(Time, new IdSource(seed + 1));
        Catalog = new FaultedCatalog(_database, new FaultedFileIO(Files, Plan), _context, Plan);
    }

    public FaultPlan Plan { get; } = new();

    public InMemoryFileIO Files { get; }

    public InstantTime Time { get; }

    /// <summary>The client that meets the fault.</summary>
    public FaultedCatalog Catalog { get; }

    /// <summary>The tables of that client, as old as they were when it loaded them.</summary>
    public Dictionary<TableIdentifier, Table> Tables { get; } = [];

    /// <summary>Whether a swap of unknown outcome may still arrive.</summary>
    public bool IsPending => _database.Pending is not null;

    /// <summary>Another client, which remembers nothing.</summary>
    /// <param name="io">Its storage; null means the files as they are.</param>
    public FaultedCatalog Fresh(IFileIO? io = null) => new(_database, io ?? Files, _context, new FaultPlan());

    /// <summary>Lets a swap that was lost on its way arrive after all.</summary>
    public void Deliver() => Assert.True(_database.TrySwap(_database.Pending!), "The late commit was refused.");

    /// <summary>Makes a table by another client and loads it by the one that meets the fault.</summary>
    public async Task<Table> CreateAsync(TableIdentifier name, Dictionary<string, string>? properties = null)
    {
        await Fresh().CreateTableAsync(
            name,
            new() { Schema = TestTable.Schema, Spec = PartitionSpec.Unpartitioned, Properties = properties ?? [] },
            TestTable.Cancel);
        return await LoadAsync(name);
    }

    /// <summary>Loads a table by the client that meets the fault.</summary>
    public async Task<Table> LoadAsync(TableIdentifier name) =>
        Tables[name] = await Catalog.LoadTableAsync(name, TestTable.Cancel);

    /// <summary>Writes a file of rows and describes it.</summary>
    public async Task<DataFile> DataAsync(string name, long records = 10)
    {
        var file = File(name, records);
        await using var written = await Files.CreateAsync(file.FilePath, TestTable.Cancel);
        await written.Content.WriteAsync("rows"u8.ToArray(), TestTable.Cancel);
        await written.CompleteAsync(TestTable.Cancel);
        return file;
    }

    public static DataFile File(string name, long records = 10) =>
        TestTable.File(name, records) with { FilePath = $"mem:/warehouse/silver/{name[0]}/data/{name}.parquet" };

    /// <summary>Commits as another client does.</summary>
    public async Task<Table> OtherAsync(TableIdentifier name, Func<Table, Task> change)
    {
        var table = await Fresh().LoadTableAsync(name, TestTable.Cancel);
        await change(table);
        return table;
    }

    /// <summary>
    /// What a client that knows nothing reads: the live files of the current snapshot; null when there is no table.
    /// Fails when anything that any snapshot leads to is missing or there twice.
    /// </summary>
    public async Task<string?> ReadAsync(TableIdentifier name)
    {
        if (!await Fresh().TableExistsAsync(name, TestTable.Cancel))
        {
            return null;
        }

        var table = await Fresh().LoadTableAsync(name, TestTable.Cancel);
        var (live, reached) = await WalkAsync(table);
        Assert.Empty(reached.Except(Files.Locations));
        return table.CurrentSnapshot is { } current ? string.Join(' ', live[current.SnapshotId]) : "";
    }

    /// <summary>Files that no table leads to.</summary>
    public async Task<List<string>> UnreachableAsync(params TableIdentifier[] names)
    {
        var unreachable = Files.Locations.ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            unreachable.ExceptWith((await WalkAsync(await Fresh().LoadTableAsync(name, TestTable.Cancel))).Reached);
        }

        return [.. unreachable.Order(StringComparer.Ordinal)];
    }

    /// <summary>The live files of each snapshot, and the locations of everything that the table leads to.</summary>
    private async Task<(Dictionary<long, List<string>> Live, HashSet<string> Reached)> WalkAsync(Table table)
    {
        var live = new Dictionary<long, List<string>>();
        var reached = table.Metadata.MetadataLog.Select(e => e.MetadataFile).Append(table.MetadataLocation).ToHashSet();
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            var names = live[snapshot.SnapshotId] = [];
            reached.Add(snapshot.ManifestList!);
            foreach (var manifest in await ManifestListReader.ReadAsync(
                Files, table.Metadata, snapshot, TestTable.Cancel))
            {
                reached.Add(manifest.Path);
                await foreach (var entry in new ManifestReader(Files, table.Metadata).ReadAsync(
                    manifest, TestTable.Cancel))
                {
                    Assert.True(entry.SequenceNumber <= snapshot.SequenceNumber, entry.ToString());
                    if (entry.IsLive)
                    {
                        reached.Add(entry.File.FilePath);
                        names.Add(Path.GetFileNameWithoutExtension(entry.File.FilePath));
                    }
                }
            }

            names.Sort(StringComparer.Ordinal);
            Assert.Equal(names.Distinct(), names);
        }

        return (live, reached);
    }
}
