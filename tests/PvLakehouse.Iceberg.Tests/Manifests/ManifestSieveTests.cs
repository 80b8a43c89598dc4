using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Manifests;

public sealed class ManifestSieveTests
{
    [Fact]
    public async Task Files_come_in_the_order_of_their_manifests_however_many_are_read_at_a_time()
    {
        var (io, table) = await TwentyManifestsAsync();
        var manifests = await ManifestsAsync(table);
        Assert.Equal(20, manifests.Count);
        var expected = new List<string>();
        foreach (var manifest in manifests)
        {
            await foreach (var entry in new ManifestReader(io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
            {
                expected.Add(entry.File.FilePath);
            }
        }

        // The first pass reads the files, the second remembers them.
        for (var pass = 0; pass < 2; pass++)
        {
            var paths = new List<string>();
            await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
            {
                paths.Add(task.File.FilePath);
            }

            Assert.Equal(expected, paths);
        }
    }

    [Fact]
    public async Task What_is_decoded_of_a_wanted_entry_is_the_whole_entry()
    {
        var (io, table) = await TwentyManifestsAsync();
        foreach (var manifest in await ManifestsAsync(table))
        {
            var whole = new List<ManifestEntry>();
            await foreach (var entry in new ManifestReader(io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
            {
                whole.Add(entry);
            }

            for (var pass = 0; pass < 2; pass++)
            {
                var sieved = await SieveAsync(io, table, [manifest], (_, _) => true);
                Assert.Equal(
                    whole.Select(e => (e.Status, e.SequenceNumber, e.SnapshotId, e.File.FilePath, e.File.RecordCount, e.File.Partition)),
                    sieved.Select(e => (e.Status, e.SequenceNumber, e.SnapshotId, e.File.FilePath, e.File.RecordCount, e.File.Partition)));
                Assert.All(whole.Zip(sieved), pair => Assert.Equal(pair.First.File.Metrics.LowerBounds.Count, pair.Second.File.Metrics.LowerBounds.Count));
            }
        }
    }

    [Fact]
    public async Task A_cursor_sees_of_an_entry_what_the_entry_says()
    {
        var (io, table) = await TwentyManifestsAsync();
        var fields = table.Schema.AllFields;
        var seen = 0;
        var entries = await SieveAsync(io, table, [.. await ManifestsAsync(table)], (cursor, _) =>
        {
            var file = cursor.Decode().File;
            Assert.Equal(file.Partition, cursor.Partition);
            Assert.Equal(file.RecordCount, cursor.RecordCount);
            Assert.Null(cursor.FirstRowId);
            Assert.All(fields, field => Assert.Equal(ColumnRange.Of(field, file.Metrics), cursor.Range(field)));
            Interlocked.Increment(ref seen);
            return file.RecordCount % 2 == 0;
        });
        Assert.Equal(60, seen);
        Assert.Equal(20, entries.Count);
    }

    [Fact]
    public async Task Row_ids_count_the_rows_of_files_that_are_not_wanted()
    {
        // Three files of 1, 2 and 3 rows.
        var (io, table) = await TwentyManifestsAsync();
        var manifest = (await ManifestsAsync(table))[^1] with { FirstRowId = 1000 };
        for (var pass = 0; pass < 2; pass++)
        {
            var last = Assert.Single(await SieveAsync(io, table, [manifest], (cursor, _) => cursor.RecordCount == 3));
            Assert.Equal(1003, last.File.FirstRowId);
        }
    }

    [Fact]
    public async Task A_plan_may_be_left_early_and_a_failure_comes_where_it_belongs()
    {
        var (io, table) = await TwentyManifestsAsync();
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            Assert.NotNull(task);
            break;
        }

        var manifests = await ManifestsAsync(table);
        await io.DeleteAsync(manifests[3].Path, TestTable.Cancel);
        var fresh = new OpeningsIO(io);
        var given = 0;
        var failure = await Assert.ThrowsAsync<IcebergFormatException>(async () =>
        {
            await foreach (var task in StaticTable.Of(fresh, table.Metadata, "x", TestTable.Name).NewScan().PlanFilesAsync(TestTable.Cancel))
            {
                given++;
                Assert.NotNull(task);
            }
        });
        Assert.Equal(manifests[3].Path, failure.Location);
        Assert.Equal(9, given);
    }

    [Fact]
    public async Task Manifests_are_remembered_by_storage_and_opened_once()
    {
        var (io, table) = await TwentyManifestsAsync();
        var storage = new OpeningsIO(io);
        var scanned = StaticTable.Of(storage, table.Metadata, "x", TestTable.Name);
        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal(60, (await TestTable.FilesAsync(scanned.NewScan())).Count);
        }

        Assert.All(await ManifestsAsync(table), m => Assert.Equal(1, storage.Opened(m.Path)));
    }

    [Fact]
    public async Task The_cache_keeps_to_its_budget_and_lets_the_oldest_go()
    {
        var (_, table) = await TwentyManifestsAsync();
        var manifests = await ManifestsAsync(table);
        var schema = new PvLakehouse.Iceberg.Avro.AvroRecord();
        var cache = new ManifestCache(budget: 100);
        Put(manifests[0], 40);
        Put(manifests[1], 40);
        Assert.NotNull(cache.Find(manifests[0]));
        Put(manifests[2], 40);
        Assert.NotNull(cache.Find(manifests[0]));
        Assert.Null(cache.Find(manifests[1]));
        Assert.Equal(80, cache.Used);

        // Places count too: 10 bytes and 10 numbers of 4 bytes.
        using (var gathering = cache.Gather(manifests[3], schema))
        {
            gathering.Add(1, new byte[10], new int[10]);
            Assert.Equal(90, cache.Used);
        }

        // What was not read to its end is forgotten, and what is larger than the budget never kept.
        Assert.Equal(40, cache.Used);
        Assert.Null(cache.Find(manifests[3]));
        Put(manifests[4], 101);
        Assert.Null(cache.Find(manifests[4]));
        Assert.Equal(0, cache.Used);
        Put(manifests[5], 40);
        Put(manifests[5], 40);
        Assert.Equal(40, cache.Used);
        Assert.Null(cache.Find(manifests[5] with { Length = 1 }));

        void Put(ManifestFile manifest, int size)
        {
            using var gathering = cache.Gather(manifest, schema);
            gathering.Add(1, new byte[size], []);
            gathering.Complete();
        }
    }

    private static async Task<(InMemoryFileIO Io, Table Table)> TwentyManifestsAsync()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        for (var commit = 0; commit < 20; commit++)
        {
            await table.NewAppend()
                .AddRange(Enumerable.Range(1, 3).Select(n => TestTable.Month(2000 + commit, n, records: n)))
                .CommitAsync(TestTable.Cancel);
        }

        return (io, table);
    }

    private static Task<IReadOnlyList<ManifestFile>> ManifestsAsync(Table table) =>
        ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel);

    private static async Task<List<ManifestEntry>> SieveAsync(
        IFileIO io, Table table, IReadOnlyList<ManifestFile> manifests, Func<EntryCursor, int, bool> wants)
    {
        var entries = new List<ManifestEntry>();
        await foreach (var block in new ManifestSieve(io, new ManifestReader(io, table.Metadata), wants).ReadAsync(manifests, TestTable.Cancel))
        {
            entries.AddRange(block.Entries);
        }

        return entries;
    }

    /// <summary>Counts how often files are opened.</summary>
    private sealed class OpeningsIO(IFileIO inner) : ForwardingFileIO(inner)
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _opened = new(StringComparer.Ordinal);

        public int Opened(string location) => _opened.GetValueOrDefault(location);

        public override Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default)
        {
            _opened.AddOrUpdate(location, 1, (_, count) => count + 1);
            return Inner.OpenReadAsync(location, cancellationToken);
        }
    }
}
