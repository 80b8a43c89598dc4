using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

public sealed class WritingTests
{
    private static readonly (string, IcebergType)[] EveryType =
    [
        ("b", IcebergType.Boolean), ("i", IcebergType.Int), ("l", IcebergType.Long), ("f", IcebergType.Float), ("d", IcebergType.Double),
        ("m9", IcebergType.Decimal(9, 2)), ("m38", IcebergType.Decimal(38, 3)), ("day", IcebergType.Date), ("t", IcebergType.Time),
        ("ts", IcebergType.Timestamp), ("tz", IcebergType.TimestampTz), ("s", IcebergType.String), ("u", IcebergType.Uuid), ("raw", IcebergType.Binary),
    ];

    private const string TwoRows = """
        SELECT false AS b, -5 AS i, -5000000000 AS l, -1.5 AS f, -2.25 AS d, -1.25 AS m9, -12345678901234567890.125 AS m38,
               DATE '1950-01-02' AS day, TIME '00:00:00.000001' AS t, TIMESTAMP '1960-01-01 00:00:00.5' AS ts,
               TIMESTAMPTZ '1960-01-01 00:00:00.5+00' AS tz, 'a' AS s, uuid '00000000-0000-0000-0000-000000000001' AS u, '\x01'::BLOB AS raw
        UNION ALL
        SELECT true, 7, 5000000000, 1.5, 1e300, 7.50, 1, DATE '2024-02-29', TIME '23:59:59', TIMESTAMP '2024-01-01 12:00:00',
               TIMESTAMPTZ '2024-01-01 10:00:00+10', 'é', uuid 'f79c3e09-677c-4bbd-a479-3f349cb785e7', '\xFF\x02'::BLOB
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        """;

    [Fact]
    public async Task Every_type_comes_back_as_it_was_written_and_with_its_field_ids()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", EveryType);
        var session = await lake.OpenAsync();

        var outcome = await session.AppendAsync("silver.t", TwoRows);

        Assert.Equal(3, outcome.RowsInserted);
        var path = Assert.Single(lake.FilesOnDisk());
        Assert.Equal(new FileInfo(path).Length, outcome.BytesWritten);
        Assert.Equal(["0"], await session.LinesAsync($"SELECT count(*) FROM (({TwoRows}) EXCEPT ALL SELECT * FROM iceberg.silver.t)"));
        Assert.Equal(["0"], await session.LinesAsync($"SELECT count(*) FROM (SELECT * FROM iceberg.silver.t EXCEPT ALL SELECT * FROM read_parquet('{path}'))"));
        Assert.Equal(
            EveryType.Select((c, i) => $"{c.Item1}|{i + 1}").ToArray(),
            await session.LinesAsync($"SELECT name, field_id FROM parquet_schema('{path}') WHERE field_id IS NOT NULL"));
        var table = await lake.LoadAsync("silver.t");
        Assert.Equal([table.Schema.ToJson()], await session.LinesAsync(
            $"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE decode(key) = 'iceberg.schema'"));
        Assert.Equal(["ZSTD"], await session.LinesAsync($"SELECT DISTINCT compression FROM parquet_metadata('{path}')"));
    }

    [Fact]
    public async Task Bounds_and_counts_in_the_manifest_are_those_of_the_rows()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", EveryType);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", TwoRows);

        var table = await lake.LoadAsync("silver.t");
        var file = Assert.Single(await lake.FilesAsync("silver.t"));

        Assert.Equal(3, file.RecordCount);
        foreach (var column in table.Schema.Columns)
        {
            var type = (PrimitiveType)column.Type;
            Assert.Equal(3, file.Metrics.ValueCounts[column.Id]);
            Assert.Equal(1, file.Metrics.NullValueCounts[column.Id]);
            var name = column.Name;
            // A plain DuckDB min and max over the same rows, read as .NET values.
            var plain = type.Kind == TypeKind.Decimal && type.Precision == 38 ? null
                : (await (await session.QueryAsync($"SELECT min({name}), max({name}) FROM ({TwoRows})", null, Lake.Cancel)).ToListAsync(Lake.Cancel))[0];
            if (plain is not null)
            {
                plain = [.. plain.Select(v => type.Kind switch
                {
                    TypeKind.Float => (object)Convert.ToSingle(v, System.Globalization.CultureInfo.InvariantCulture),
                    TypeKind.Double => Convert.ToDouble(v, System.Globalization.CultureInfo.InvariantCulture),
                    _ => v,
                })];
                Assert.Equal(Literal.From(type, plain[0]!), SingleValue.FromBytes(type, file.Metrics.LowerBounds[column.Id].Span));
                Assert.Equal(Literal.From(type, plain[1]!), SingleValue.FromBytes(type, file.Metrics.UpperBounds[column.Id].Span));
            }
        }

        var wide = (PrimitiveType)table.Schema.Find("m38")!.Type;
        Assert.Equal("-12345678901234567890.125", SingleValue.FromBytes(wide, file.Metrics.LowerBounds[7].Span).ToString());
        Assert.Equal("1.000", SingleValue.FromBytes(wide, file.Metrics.UpperBounds[7].Span).ToString());
    }

    [Fact]
    public async Task NaN_is_in_no_bound_and_a_zero_bound_covers_both_zeros()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("clean", IcebergType.Double), ("dirty", IcebergType.Double), ("empty", IcebergType.Float)]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT 0.0 AS clean, 'nan'::DOUBLE AS dirty, NULL AS empty UNION ALL SELECT 0.0, 1.5, NULL");

        var metrics = Assert.Single(await lake.FilesAsync("silver.t")).Metrics;

        Assert.Equal(0, metrics.NanValueCounts[1]);
        Assert.True(double.IsNegative(BitConverter.ToDouble(metrics.LowerBounds[1].Span)));
        Assert.False(double.IsNegative(BitConverter.ToDouble(metrics.UpperBounds[1].Span)));
        Assert.False(metrics.LowerBounds.ContainsKey(2) || metrics.UpperBounds.ContainsKey(2) || metrics.NanValueCounts.ContainsKey(2));
        Assert.False(metrics.LowerBounds.ContainsKey(3) || metrics.UpperBounds.ContainsKey(3));
        Assert.Equal(2, metrics.NullValueCounts[3]);
        Assert.Equal(["1"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t WHERE dirty > 100"));
        Assert.Equal(["1"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t WHERE dirty = 1.5"));
        Assert.Equal(["2"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t WHERE clean = 0"));
    }

    [Fact]
    public async Task Long_texts_get_short_bounds_that_enclose_them()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("s", IcebergType.String)]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT repeat('b', 200) AS s UNION ALL SELECT repeat('é', 100)");

        var metrics = Assert.Single(await lake.FilesAsync("silver.t")).Metrics;

        Assert.Equal(new string('b', 16), System.Text.Encoding.UTF8.GetString(metrics.LowerBounds[1].Span));
        Assert.Equal(new string('é', 15) + "ê", System.Text.Encoding.UTF8.GetString(metrics.UpperBounds[1].Span));
        Assert.Equal(["1"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t WHERE s = repeat('é', 100)"));
    }

    [Fact]
    public async Task Nested_columns_carry_ids_at_every_level()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t",
        [
            ("id", IcebergType.Int),
            ("place", new StructType([NestedField.Optional(10, "lat", IcebergType.Double), NestedField.Optional(11, "tags", new ListType(12, IcebergType.String, false))])),
            ("codes", new MapType(20, IcebergType.String, 21, IcebergType.Int, false)),
        ]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT 1 AS id, {lat: -34.5, tags: ['a', 'b']} AS place, MAP {'x': 1} AS codes UNION ALL SELECT 2, NULL, NULL");

        var table = await lake.LoadAsync("silver.t");
        var metrics = Assert.Single(await lake.FilesAsync("silver.t")).Metrics;

        Assert.Equal(["1|-34.5|b|1", "2|null|null|null"], await session.LinesAsync(
            "SELECT id, place.lat, place.tags[2], codes['x'] FROM iceberg.silver.t ORDER BY id"));
        Assert.Equal(
            table.Schema.AllFields.Select(f => f.Id).Order(),
            (await session.LinesAsync($"SELECT field_id FROM parquet_schema('{lake.FilesOnDisk()[0]}') WHERE field_id IS NOT NULL"))
                .Select(l => int.Parse(l, System.Globalization.CultureInfo.InvariantCulture)).Order());
        var latitude = table.Schema.Find("place.lat")!.Id;
        Assert.Equal(-34.5, BitConverter.ToDouble(metrics.LowerBounds[latitude].Span));
        Assert.False(metrics.LowerBounds.ContainsKey(table.Schema.Find("place.tags.element")!.Id));
    }

    [Fact]
    public async Task Rows_lie_in_the_partitions_of_the_spec_and_in_the_order_of_the_table()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync(
            "silver.t", [("farm", IcebergType.String), ("at", IcebergType.TimestampTz), ("n", IcebergType.Int)],
            s => PartitionSpec.For(s).Month("at").Identity("farm").Build(), ["n"]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", """
            SELECT CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN 'A/1' ELSE '' END AS farm,
                   TIMESTAMPTZ '1969-12-31 23:00:00+00' + to_hours(i % 2) AS at, (i * 7919) % 6000 AS n
            FROM range(6000) t(i)
            """);

        var table = await lake.LoadAsync("silver.t");
        var files = await lake.FilesAsync("silver.t");

        Assert.Equal(
            ["(-1, )", "(-1, A/1)", "(-1, null)", "(0, )", "(0, A/1)", "(0, null)"],
            files.Select(f => f.Partition.ToString()).Order(StringComparer.Ordinal).ToArray());
        Assert.All(files, f => Assert.Equal(1000, f.RecordCount));
        Assert.Contains(files, f => f.FilePath.StartsWith($"{table.Metadata.Location}/data/at_month=1969-12/farm=A%2F1/", StringComparison.Ordinal));
        Assert.Equal(files.Select(f => LocalFileIO.PathOf(f.FilePath)).Order(StringComparer.Ordinal).ToArray(), lake.FilesOnDisk().ToArray());
        foreach (var file in files)
        {
            Assert.Equal(["true"], (await session.LinesAsync($"""
                SELECT bool_and(n > before) FROM (SELECT n, lag(n, 1, -1) OVER (ORDER BY file_row_number) AS before
                FROM read_parquet('{LocalFileIO.PathOf(file.FilePath)}', hive_partitioning = false))
                """)).Select(l => l.ToLowerInvariant()).ToArray());
        }
    }

    [Fact]
    public async Task Files_that_grow_too_large_are_cut_in_order()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("n", IcebergType.Long), ("x", IcebergType.Double)], sortedBy: ["n"],
            properties: new(StringComparer.Ordinal) { ["write.target-file-size-bytes"] = "100000" });
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT (i * 7919) % 50021 AS n, random() AS x FROM range(50021) t(i)");

        var files = await lake.FilesAsync("silver.t");

        Assert.InRange(files.Count, 4, 8);
        Assert.All(files, f => Assert.InRange(f.FileSizeInBytes, 50_000, 150_000));
        Assert.Equal(50021, files.Sum(f => f.RecordCount));
        var ranges = files.Select(f => (Low: BitConverter.ToInt64(f.Metrics.LowerBounds[1].Span), High: BitConverter.ToInt64(f.Metrics.UpperBounds[1].Span))).Order().ToList();
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.High + 1, pair.Second.Low));
        Assert.Equal(["1251025210"], await session.LinesAsync("SELECT sum(n) FROM iceberg.silver.t"));
    }

    [Fact]
    public async Task Columns_are_matched_by_name_and_missing_ones_are_null()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("a", IcebergType.Int), ("b", IcebergType.String), ("c", IcebergType.Double)]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT 2.0 AS C, '1' AS a -- and no b");
        Assert.Equal(["1|null|2"], await session.LinesAsync("SELECT * FROM iceberg.silver.t"));
    }

    [Theory]
    [InlineData("SELECT 1 AS a, 2 AS d, now() AS at", "The SELECT has a column 'd' that table silver.t does not have; it has a, at.")]
    [InlineData("SELECT 1 AS a, 2 AS A, now() AS at", "The SELECT for table silver.t has two columns named 'A'; name each column once.")]
    [InlineData("SELECT now() AS at", "The SELECT lacks the column 'a', which table silver.t requires.")]
    [InlineData("SELECT nullif(i, 3) AS a FROM range(5) t(i)", "Column 'a' of the SELECT is null in some row, but table silver.t requires a value.")]
    [InlineData("SELECT 1 AS a, TIMESTAMP '2024-01-01 00:00:00' AS at", "Column 'at' of the SELECT for table silver.t is a wall clock without zone, but the table holds instants; say which zone it is in with AT TIME ZONE.")]
    [InlineData("SELECT 'x' AS a", "Could not convert string 'x' to INT32 when casting from source column a.")]
    [InlineData("SELECT error('disk on fire') AS a", "Disk on fire.")]
    [InlineData("SELECT 1 AS a FROM iceberg.silver.nothing", "There is no table iceberg.silver.nothing.\nDid you mean \"iceberg.silver.t\"?")]
    public async Task A_select_that_does_not_fit_leaves_no_file_and_no_snapshot(string select, string message)
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("a", IcebergType.Int), ("at", IcebergType.TimestampTz)], required: ["a"]);
        var session = await lake.OpenAsync();

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.AppendAsync("silver.t", select));

        Assert.Equal(message, error.Message);
        Assert.Empty(lake.FilesOnDisk());
        Assert.Empty(Directory.EnumerateDirectories(lake.Warehouse, ".writing-*", SearchOption.AllDirectories));
        Assert.Null((await lake.LoadAsync("silver.t")).CurrentSnapshot);
    }

    [Fact]
    public async Task A_write_that_is_cancelled_leaves_no_file_and_no_snapshot()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("a", IcebergType.Long), ("s", IcebergType.String)]);
        var session = await lake.OpenAsync();
        using var stop = new CancellationTokenSource();
        var write = session.AppendAsync(
            TableIdentifier.Parse("silver.t"), "SELECT i AS a, md5(i::VARCHAR) AS s FROM range(10000000000) t(i)", WriteOptions.Default, stop.Token);
        while (!Directory.EnumerateFiles(lake.Warehouse, "*.parquet", SearchOption.AllDirectories).Any())
        {
            Assert.False(write.IsCompleted);
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Empty(lake.FilesOnDisk());
        Assert.Empty(Directory.EnumerateDirectories(lake.Warehouse, ".writing-*", SearchOption.AllDirectories));
        Assert.Null((await lake.LoadAsync("silver.t")).CurrentSnapshot);
        Assert.Equal(1, (await session.AppendAsync("silver.t", "SELECT 1 AS a")).RowsInserted);
    }

    [Fact]
    public async Task An_append_of_nothing_commits_only_to_record_something_new()
    {
        await using var lake = await Lake.MakeAsync();
        var t = TableIdentifier.Parse("silver.t");
        await lake.CreateAsync("silver.t", [("a", IcebergType.Int)]);
        var session = await lake.OpenAsync();
        var mark = new WriteOptions
        {
            CommitWhenEmpty = true,
            SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.watermark"] = "7" },
        };
        const string Nothing = "SELECT 1 AS a WHERE false";

        Assert.False((await session.AppendAsync("silver.t", Nothing)).Committed);
        Assert.True((await session.AppendAsync(t, Nothing, mark, Lake.Cancel)).Committed);
        Assert.Equal("7", (await lake.LoadAsync("silver.t")).CurrentSnapshot!.Summary["pvlake.watermark"]);
        Assert.False((await session.AppendAsync(t, Nothing, mark, Lake.Cancel)).Committed);
        Assert.Empty(lake.FilesOnDisk());
    }

    [Fact]
    public async Task An_overwrite_replaces_all_rows_in_one_commit_and_may_read_what_it_replaces()
    {
        await using var lake = await Lake.MakeAsync();
        var t = TableIdentifier.Parse("silver.t");
        await lake.CreateAsync("silver.t", [("a", IcebergType.Int)], s => PartitionSpec.For(s).Identity("a").Build());
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.t", "SELECT 1 AS a UNION ALL SELECT 2");

        var outcome = await session.OverwriteAsync(t, "SELECT a + 1 AS a FROM iceberg.silver.t WHERE a > 1", WriteOptions.Default, Lake.Cancel);

        Assert.Equal((1, 2), (outcome.RowsInserted, outcome.RowsDeleted));
        Assert.Equal(["3"], await session.LinesAsync("SELECT a FROM iceberg.silver.t"));
        Assert.Equal(2, (await lake.LoadAsync("silver.t")).Metadata.Snapshots.Count);
    }
}
