using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Tables partitioned and sorted by buckets are written, changed and read.</summary>
public sealed class BucketWritingTests
{
    private static readonly (string, IcebergType)[] Columns = [("id", IcebergType.Long), ("site", IcebergType.String)];

    /// <summary>
    /// Appendix B of the specification: 34 hashes to 2017239379 and "iceberg" to 1210000089, so of 16 buckets they are in
    /// 2017239379 % 16 = 3 and 1210000089 % 16 = 9.
    /// </summary>
    [Fact]
    public async Task Rows_lie_in_the_buckets_of_the_specification()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", Columns, s => PartitionSpec.For(s).Bucket("id", 16).Bucket("site", 16).Build());
        var session = await lake.OpenAsync();

        await session.AppendAsync("silver.t", "SELECT 34 AS id, 'iceberg' AS site UNION ALL SELECT NULL, NULL");

        Assert.Equal(
            [(3, 9), (null, null)],
            (await lake.FilesAsync("silver.t")).Select(f => (Bucket(f, 0), Bucket(f, 1))).OrderByDescending(p => p.Item1));
        Assert.Equal(["34|iceberg"], await session.LinesAsync("SELECT * FROM iceberg.silver.t WHERE id = 34"));
        Assert.Equal(["2"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
    }

    [Fact]
    public async Task A_merge_rewrites_only_the_buckets_of_its_keys()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", Columns, s => PartitionSpec.For(s).Bucket("id", 8).Build());
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT range AS id, 'old' AS site FROM range(1000)");
        var before = await lake.FilesAsync("silver.t");
        Assert.Equal(Enumerable.Range(0, 8), before.Select(f => Bucket(f, 0)!.Value).Order());

        // 34 % 8 buckets: 2017239379 % 8 = 3. No other file may be touched.
        var outcome = await session.MergeAsync("silver.t", "SELECT 34 AS id, 'new' AS site", "id");

        Assert.Equal((0, 1), (outcome.RowsInserted, outcome.RowsUpdated));
        var after = await lake.FilesAsync("silver.t");
        Assert.Equal(
            before.Where(f => Bucket(f, 0) != 3).Select(f => f.FilePath).Order(StringComparer.Ordinal),
            after.Where(f => Bucket(f, 0) != 3).Select(f => f.FilePath).Order(StringComparer.Ordinal));
        Assert.Equal(8, after.Count);
        Assert.Equal(["new|1", "old|999"], await session.LinesAsync("SELECT site, count(*) FROM iceberg.silver.t GROUP BY 1 ORDER BY 1"));
    }

    /// <summary>A source of another width of number meets the same keys.</summary>
    [Theory]
    [InlineData("34::UBIGINT")]
    [InlineData("unnest([34::HUGEINT, 100000000000000000000])")]
    [InlineData("34::TINYINT")]
    public async Task Keys_of_another_width_meet_their_bucket(string key)
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", Columns, s => PartitionSpec.For(s).Bucket("id", 8).Build());
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT range AS id, 'old' AS site FROM range(100)");

        await session.RunLinesAsync($"""
            MERGE INTO iceberg.silver.t t USING (SELECT {key} AS k UNION ALL SELECT NULL) s ON t.id = s.k
            WHEN MATCHED THEN UPDATE SET site = 'new'
            """);

        Assert.Equal(["34|new"], await session.LinesAsync("SELECT * FROM iceberg.silver.t WHERE site = 'new'"));
    }

    /// <summary>The hashes of Appendix B order the rows: 1210000089 % 16 = 9 for "iceberg"; the empty text hashes to 0.</summary>
    [Fact]
    public async Task Rows_are_sorted_by_bucket()
    {
        await using var lake = await Lake.MakeAsync();
        var schema = new Schema([.. Columns.Select((c, i) => NestedField.Optional(i + 1, c.Item1, c.Item2))]);
        await lake.Catalog.CreateTableAsync(TableIdentifier.Parse("silver.t"), new TableCreation
        {
            Schema = schema,
            SortOrder = new SortOrder(1, [new SortField(2, Transform.Bucket(16), SortDirection.Descending, NullOrder.Last)]),
        }, Lake.Cancel);
        var session = await lake.OpenAsync();

        await session.AppendAsync("silver.t", "SELECT 1 AS id, '' AS site UNION ALL SELECT 2, 'iceberg' UNION ALL SELECT 3, ''");

        Assert.Equal(["iceberg", "", ""], await session.LinesAsync($"SELECT site FROM read_parquet('{Assert.Single(lake.FilesOnDisk())}')"));
    }

    private static int? Bucket(DataFile file, int field) => file.Partition[field] is { } value ? (int)value.AsLong : null;
}
