using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests.Files;

/// <summary>A lake whose files are not on this machine: DuckDB reads copies and writes files that are sent.</summary>
public sealed class RemoteWarehouseTests : IDisposable
{
    private static readonly TableIdentifier Name = TableIdentifier.Parse("silver.t");
    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-remote-").FullName;
    private readonly CountingFileIO _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task Rows_are_appended_merged_and_read_whatever_the_size_of_the_cache(long bytes)
    {
        await using var engine = await EngineAsync(bytes);
        await using (var session = await engine.OpenSessionAsync(Cancel))
        {
            await session.AppendAsync("silver.t", "SELECT i AS id, i % 3 AS part FROM range(30) r(i)");
            await session.MergeAsync("silver.t", "SELECT 4 AS id, 1 AS part UNION ALL SELECT 100, 0 UNION ALL SELECT 5, 1", "id");
            Assert.Equal(["31|535"], await session.LinesAsync("SELECT count(*), sum(id) FROM iceberg.silver.t"));
            Assert.Equal(["5|1"], await session.LinesAsync("SELECT * FROM iceberg.silver.t WHERE id = 5"));
        }

        await using var other = await engine.OpenSessionAsync(Cancel);
        Assert.Equal(["11", "11", "9"], await other.LinesAsync("SELECT count(*) FROM iceberg.silver.t GROUP BY part ORDER BY part"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "cache", "writing"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_was_just_written_is_read_from_the_copy_that_stayed()
    {
        await using var engine = await EngineAsync(long.MaxValue);
        await using var session = await engine.OpenSessionAsync(Cancel);
        await session.AppendAsync("silver.t", "SELECT i AS id, 0 AS part FROM range(30) r(i)");
        var parquet = _store.Locations.Single(l => l.EndsWith(".parquet", StringComparison.Ordinal));
        await _store.DeleteAsync(parquet, Cancel);

        Assert.Equal(["30"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_of_a_write_is_left_as_it_was()
    {
        await using var engine = await EngineAsync(long.MaxValue);
        await using var session = await engine.OpenSessionAsync(Cancel);
        await session.AppendAsync("silver.t", "SELECT 1 AS id, 1 AS part");
        var before = _store.Locations;
        _store.Takes = 2;

        var error = await Assert.ThrowsAsync<SqlEngineException>(
            () => session.AppendAsync("silver.t", "SELECT i AS id, i AS part FROM range(5) r(i)"));

        Assert.StartsWith("Data files of table silver.t could not be written: The store does not take ", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Locations);
        Assert.Equal(["1"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "cache", "writing"), "*", SearchOption.AllDirectories));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<DuckDbEngine> EngineAsync(long cacheBytes)
    {
        var catalog = new InMemoryCatalog("s3://lake/warehouse", _store);
        await catalog.CreateNamespaceAsync(Name.Namespace, cancellationToken: Cancel);
        var schema = new Schema([NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "part", IcebergType.Int)]);
        await catalog.CreateTableAsync(
            Name, new TableCreation { Schema = schema, Spec = PartitionSpec.For(schema).Identity("part").Build() }, Cancel);
        return new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(_folder, "tmp"), AllowedFolders = [], CacheFolder = Path.Combine(_folder, "cache"),
            CacheBytes = cacheBytes, Threads = 2,
        });
    }
}
