using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using static PvLakehouse.Engine.Tests.Reading.FileReader;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Columns of files that were written under other schemas, or by writers with other habits.</summary>
public sealed class ProjectionTests
{
    [Fact]
    public async Task Nested_fields_are_found_by_id_when_they_were_added_dropped_renamed_or_reordered()
    {
        await using var reader = new FileReader();
        var inner = new StructType([NestedField.Optional(4, "z", IcebergType.Long), NestedField.Optional(9, "new", IcebergType.String)]);
        var element = new StructType([NestedField.Optional(8, "r", IcebergType.Int), NestedField.Optional(7, "q", IcebergType.Int)]);
        var value = new StructType([NestedField.Optional(13, "w", IcebergType.Double)]);
        var schema = new Schema(
        [
            NestedField.Optional(1, "s", new StructType([NestedField.Optional(3, "y", inner), NestedField.Optional(2, "renamed", IcebergType.Int)])),
            NestedField.Optional(5, "l", new ListType(6, element, false)),
            NestedField.Optional(10, "m", new MapType(11, IcebergType.String, 12, value, false)),
        ]);
        var metadata = await MetadataAsync([schema]);

        // In the file 'renamed' is x, and another field that is gone now has the name 'renamed'.
        var file = await reader.WriteAsync(
            "a.parquet",
            """
            SELECT {'x': 1, 'renamed': 77, 'y': {'z': 5}} AS s, [{'q': 1, 'gone': 2}, NULL] AS l, MAP {'k': {'v': 1.5::FLOAT, 'u': 1}} AS m
            UNION ALL SELECT NULL, NULL, NULL
            """,
            """
            s: {__duckdb_field_id: 1, x: 2, renamed: 20, y: {__duckdb_field_id: 3, z: 4}},
            l: {__duckdb_field_id: 5, element: {__duckdb_field_id: 6, q: 7, gone: 21}},
            m: {__duckdb_field_id: 10, key: 11, value: {__duckdb_field_id: 12, v: 13, u: 22}}
            """);

        Assert.Equal(
            ["{y={z=5, new=null}, renamed=1}|[{r=null, q=1}, null]|{k={w=1.5}}", "null|null|null"],
            await reader.ReadAsync(metadata, [Task(file, 1)], "FROM t ORDER BY s IS NULL"));
    }

    [Fact]
    public async Task Files_of_several_shapes_are_read_together()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "s", new StructType([NestedField.Optional(2, "a", IcebergType.Int), NestedField.Optional(3, "b", IcebergType.Int)])),
        ]);
        var metadata = await MetadataAsync([schema]);
        var old = await reader.WriteAsync("a.parquet", "SELECT {'a': 1} AS s", "s: {__duckdb_field_id: 1, a: 2}");
        var other = await reader.WriteAsync("b.parquet", "SELECT {'b': 2, 'a': 3} AS s", "s: {__duckdb_field_id: 1, b: 3, a: 2}");
        var swapped = await reader.WriteAsync("c.parquet", "SELECT {'a': 5, 'b': 4} AS s", "s: {__duckdb_field_id: 1, a: 3, b: 2}");

        Assert.Equal(
            ["{a=1, b=null}", "{a=3, b=2}", "{a=4, b=5}"],
            await reader.ReadAsync(metadata, [Task(old, 1), Task(other, 2), Task(swapped, 3)]));
    }

    [Fact]
    public async Task A_name_mapping_stands_for_ids_at_every_level()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "id", IcebergType.Long),
            NestedField.Optional(2, "s", new StructType([NestedField.Optional(3, "now", IcebergType.Int)])),
            NestedField.Optional(4, "l", new ListType(5, IcebergType.Int, false)),
            NestedField.Mandatory(6, "hidden", IcebergType.Int),
        ]);
        var metadata = await MetadataAsync([schema], properties: new(StringComparer.Ordinal)
        {
            ["schema.name-mapping.default"] = """
                [{"field-id": 1, "names": ["id", "key.old"]}, {"field-id": 2, "names": ["s"], "fields": [{"field-id": 3, "names": ["was"]}]},
                 {"field-id": 4, "names": ["l"], "fields": [{"field-id": 5, "names": ["element"]}]}]
                """,
        });
        var without = await reader.WriteAsync("a.parquet", "SELECT 1 AS \"key.old\", {'was': 2} AS s, [3] AS l, 9 AS hidden");
        var with = await reader.WriteAsync(
            "b.parquet", "SELECT 4 AS id, {'was': 5} AS s, 6 AS hidden", "id: 6, s: {__duckdb_field_id: 2, was: 3}, hidden: 1");

        Assert.Equal(["1|{now=2}|[3]|null", "6|{now=5}|null|4"], await reader.ReadAsync(metadata, [Task(without, 1), Task(with, 2)]));
    }

    [Fact]
    public async Task Without_ids_and_mapping_columns_are_found_by_their_places()
    {
        await using var reader = new FileReader();
        var schema = new Schema([NestedField.Optional(2, "b", IcebergType.Long), NestedField.Optional(1, "a", IcebergType.Long), NestedField.Optional(3, "c", IcebergType.Int)]);
        var metadata = await MetadataAsync([schema]);
        var without = await reader.WriteAsync("a.parquet", "SELECT 1 AS x, 2 AS y");
        var with = await reader.WriteAsync("b.parquet", "SELECT 3 AS x, 4 AS y", "x: 2, y: 1");
        var sibling = await reader.WriteAsync("c.parquet", "SELECT 5 AS x, 6 AS y");

        Assert.Equal(["2|1|null", "3|4|null", "6|5|null"], await reader.ReadAsync(metadata, [Task(without, 1), Task(with, 2), Task(sibling, 1)]));
    }

    [Fact]
    public async Task A_column_of_the_partition_that_files_leave_out_comes_from_the_manifest()
    {
        await using var reader = new FileReader();
        var schema = new Schema([NestedField.Optional(1, "id", IcebergType.Int), NestedField.Optional(2, "day", IcebergType.Date), NestedField.Optional(3, "n", IcebergType.Long)]);
        var spec = new PartitionSpec(0, [new PartitionField(2, 1000, "day", Transform.Identity), new PartitionField(3, 1001, "n", Transform.Identity)]);
        var metadata = await MetadataAsync([schema], spec);
        DataFile Of(DataFile file, Literal? day, Literal? n) => file with { Partition = new PartitionValues([day, n]) };
        var a = Of(await reader.WriteAsync("a.parquet", "SELECT 1 AS id", "id: 1"), Literal.Date(new DateOnly(2024, 2, 29)), Literal.Int(7));
        var b = Of(await reader.WriteAsync("b.parquet", "SELECT 2 AS id", "id: 1"), Literal.Date(new DateOnly(1969, 12, 31)), Literal.Int(-1));
        var c = Of(await reader.WriteAsync("c.parquet", "SELECT 3 AS id", "id: 1"), null, null);

        // What the file holds goes before what the manifest says.
        var d = Of(await reader.WriteAsync("d.parquet", "SELECT 4 AS id, DATE '2020-01-01' AS day", "id: 1, day: 2"), Literal.Date(new DateOnly(2021, 1, 1)), Literal.Int(8));

        Assert.Equal(
            ["1|2024-02-29|7", "2|1969-12-31|-1", "3|null|null", "4|2020-01-01|8"],
            await reader.ReadAsync(metadata, [Task(a, spec, 1), Task(b, spec, 1), Task(c, spec, 1), Task(d, spec, 1)]));
        Assert.Equal(["2"], await reader.ReadAsync(
            metadata, [Task(a, spec, 1), Task(b, spec, 1), Task(c, spec, 1), Task(d, spec, 1)], "SELECT id FROM t WHERE n = -1"));
    }

    [Fact]
    public async Task Defaults_stand_for_columns_that_a_file_lacks_and_never_for_nulls()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "id", IcebergType.Int),
            NestedField.Mandatory(2, "n", IcebergType.Long) with { InitialDefault = Literal.Long(42) },
            NestedField.Optional(3, "s", new StructType([NestedField.Optional(4, "t", IcebergType.String) with { InitialDefault = Literal.String("it's") }])) with
            {
                NestedInitialDefault = "{}",
            },
        ]);
        var metadata = await MetadataAsync([schema]);
        var old = await reader.WriteAsync("a.parquet", "SELECT 1 AS id", "id: 1");
        var young = await reader.WriteAsync(
            "b.parquet", "SELECT 2 AS id, NULL::BIGINT AS n, {'t': NULL::VARCHAR} AS s", "id: 1, n: 2, s: {__duckdb_field_id: 3, t: 4}");

        Assert.Equal(["1|42|{t=it's}", "2|null|{t=null}"], await reader.ReadAsync(metadata, [Task(old, 1), Task(young, 2)]));
    }

    [Fact]
    public async Task A_required_column_without_default_that_a_file_lacks_is_an_error_that_names_both()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "s", new StructType([NestedField.Optional(2, "a", IcebergType.Int), NestedField.Mandatory(3, "b", IcebergType.Int)])),
        ]);
        var file = await reader.WriteAsync("a.parquet", "SELECT {'a': 1} AS s", "s: {__duckdb_field_id: 1, a: 2}");
        var metadata = await MetadataAsync([schema]);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, [Task(file, 1)]));
        Assert.Equal(
            $"The data file '{file.FilePath}' cannot be read as the table asks. It lacks the column 's.b', which is required and has no default.",
            error.Message);
    }

    [Fact]
    public async Task A_required_column_at_the_top_is_missed_wherever_the_manifest_does_not_count_it()
    {
        await using var reader = new FileReader();
        var schema = new Schema([NestedField.Optional(1, "id", IcebergType.Long), NestedField.Mandatory(2, "key", IcebergType.Long)]);
        var metadata = await MetadataAsync([schema]);
        var with = await reader.WriteAsync("a.parquet", "SELECT 1 AS id, 2 AS key", "id: 1, key: 2");
        var without = await reader.WriteAsync("b.parquet", "SELECT 3 AS id", "id: 1");

        Assert.Equal(["1|2"], await reader.ReadAsync(metadata, [Task(with, 1)]));
        await RefusedAsync([Task(without, 1)]);

        // Files of one writer are alike in their habits, but one of them may still lack what another has.
        await RefusedAsync([Task(with, 1), Task(without, 1)]);
        await RefusedAsync([Task(Counted(with), 1), Task(without, 1)]);
        await RefusedAsync([Task(Counted(with), 1), Task(without with { Metrics = Sizes(1) }, 1)]);

        // A file cannot be required to have what nobody asks for.
        var ids = new Schema([NestedField.Optional(1, "id", IcebergType.Long)]);
        Assert.Equal(["3"], await reader.ReadAsync(metadata, [Task(without, 1)], schema: ids));

        async Task RefusedAsync(FileScanTask[] tasks)
        {
            var error = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, tasks));
            Assert.Equal(
                $"The data file '{without.FilePath}' cannot be read as the table asks. It lacks the column 'key', which is required and has no default.",
                error.Message);
        }
    }

    [Fact]
    public async Task A_file_whose_manifest_counts_the_required_columns_need_not_be_looked_at()
    {
        await using var reader = new FileReader();
        var schema = new Schema([NestedField.Optional(1, "id", IcebergType.Long), NestedField.Mandatory(2, "key", IcebergType.Long)]);
        var metadata = await MetadataAsync([schema]);
        var first = await reader.WriteAsync("a.parquet", "SELECT 1 AS id, 2 AS key", "id: 1, key: 2");

        // One file of the writer is looked at; the second cannot be, as it is not there.
        var gone = new DataFile { FilePath = Path.Combine(reader.Folder, "gone.parquet"), RecordCount = 1, FileSizeInBytes = first.FileSizeInBytes };
        await using (var rows = await reader.OpenAsync(metadata, [Task(first, 1), Task(Counted(gone), 1)]))
        {
            Assert.Single(rows.Select.Split("read_parquet(")[1..]);
        }

        await using (var rows = await reader.OpenAsync(metadata, [Task(first, 1), Task(gone with { Metrics = Sizes(2) }, 1)]))
        {
            Assert.Single(rows.Select.Split("read_parquet(")[1..]);
        }

        await Assert.ThrowsAsync<SqlEngineException>(() => reader.OpenAsync(metadata, [Task(first, 1), Task(gone, 1)]));
    }

    [Fact]
    public async Task A_name_mapping_names_each_level_by_its_own_short_names()
    {
        await using var reader = new FileReader();
        var point = new StructType([NestedField.Optional(4, "latitude", IcebergType.Double), NestedField.Optional(5, "longitude", IcebergType.Double)]);
        var value = new StructType([NestedField.Optional(9, "tags", new ListType(10, IcebergType.String, false))]);
        var schema = new Schema(
        [
            NestedField.Optional(1, "points", new ListType(2, point, false)),
            NestedField.Optional(6, "m", new MapType(7, IcebergType.String, 8, value, false)),
            NestedField.Optional(11, "grid", new ListType(12, new ListType(13, IcebergType.Int, false), false)),
        ]);
        var metadata = await MetadataAsync([schema], properties: new(StringComparer.Ordinal)
        {
            // The names of lists and maps are element, key and value, whatever the file calls them; names with dots are no paths.
            ["schema.name-mapping.default"] = """
                [{"field-id": 1, "names": ["points"], "fields": [{"field-id": 2, "names": ["element"], "fields": [
                     {"field-id": 4, "names": ["latitude", "lat"]}, {"field-id": 5, "names": ["long", "points.element.lon"]}]}]},
                 {"field-id": 6, "names": ["m"], "fields": [{"field-id": 7, "names": ["key"]}, {"field-id": 8, "names": ["value"], "fields": [
                     {"field-id": 9, "names": ["labels"], "fields": [{"field-id": 10, "names": ["element"]}]}]}]},
                 {"field-id": 11, "names": ["grid"], "fields": [{"field-id": 12, "names": ["element"], "fields": [{"field-id": 13, "names": ["element"]}]}]}]
                """,
        });
        var a = await reader.WriteAsync(
            "a.parquet", "SELECT [{'lat': 1.5, 'long': 2.5}] AS points, MAP {'k': {'labels': ['x', 'y']}} AS m, [[1], [2, 3]] AS grid");
        var b = await reader.WriteAsync(
            "b.parquet", "SELECT [{'points.element.lon': 3.5, 'latitude': 4.5}] AS points, MAP {'k': {'tags': ['z']}} AS m, [[4]] AS grid");

        // 'tags' is the name in the table, but the mapping does not know it.
        Assert.Equal(
            ["[{latitude=1.5, longitude=2.5}]|{k={tags=[x, y]}}|[[1], [2, 3]]", "[{latitude=4.5, longitude=3.5}]|{k={tags=null}}|[[4]]"],
            await reader.ReadAsync(metadata, [Task(a, 1), Task(b, 2)]));
    }

    [Fact]
    public async Task Values_of_narrower_types_are_widened()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "l", IcebergType.Long), NestedField.Optional(2, "d", IcebergType.Double),
            NestedField.Optional(3, "m", IcebergType.Decimal(38, 2)), NestedField.Optional(4, "t", IcebergType.Timestamp),
            NestedField.Optional(5, "n", IcebergType.TimestampNs), NestedField.Optional(6, "a", new ListType(7, IcebergType.Long, false)),
        ]);
        var metadata = await MetadataAsync([schema]);
        var file = await reader.WriteAsync(
            "a.parquet",
            "SELECT -5::INTEGER AS l, 0.5::FLOAT AS d, 12.34::DECIMAL(9, 2) AS m, DATE '1969-12-31' AS t, DATE '2024-02-29' AS n, [1::INTEGER, NULL] AS a",
            "l: 1, d: 2, m: 3, t: 4, n: 5, a: {__duckdb_field_id: 6, element: 7}");

        Assert.Equal(
            ["-5|0.5|12.34|1969-12-31 00:00:00|2024-02-29 00:00:00|[1, NULL]"],
            await reader.ReadAsync(metadata, [Task(file, 1)], "SELECT l, d, CAST(m AS VARCHAR), CAST(t AS VARCHAR), CAST(n AS VARCHAR), CAST(a AS VARCHAR) FROM t"));
    }

    [Fact]
    public async Task Every_primitive_type_is_read()
    {
        await using var reader = new FileReader();
        IcebergType[] types =
        [
            IcebergType.Boolean, IcebergType.Int, IcebergType.Long, IcebergType.Float, IcebergType.Double, IcebergType.Decimal(38, 3),
            IcebergType.Date, IcebergType.Time, IcebergType.Timestamp, IcebergType.TimestampTz, IcebergType.TimestampNs,
            IcebergType.String, IcebergType.Uuid, IcebergType.Fixed(2), IcebergType.Binary,
        ];
        string[] values =
        [
            "true", "-7", "9223372036854775807", "0.1::FLOAT", "0.1::DOUBLE", "12345678901234567890123456789012345.678::DECIMAL(38, 3)",
            "DATE '0011-03-05'", "TIME '12:06:45.000001'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "TIMESTAMPTZ '2024-03-31 01:30:00+10'",
            "TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "'ä|é'", "'1571effb-facd-42a3-90e9-0af522e9b6c2'::UUID", @"'\x80\x00'::BLOB", @"'\xFF'::BLOB",
        ];
        var schema = new Schema([.. types.Select((t, i) => NestedField.Optional(i + 1, $"c{i}", t))]);
        var metadata = await MetadataAsync([schema]);
        var select = $"SELECT {string.Join(", ", values.Select((v, i) => $"{v} AS c{i}"))}";
        var file = await reader.WriteAsync("a.parquet", select, string.Join(", ", values.Select((_, i) => FormattableString.Invariant($"c{i}: {i + 1}"))));

        // Without the file, by DuckDB alone: what it wrote is what is read.
        Assert.Equal(await reader.RowsOfAsync($"SELECT {Texts()} FROM ({select})"), await reader.ReadAsync(metadata, [Task(file, 1)], $"SELECT {Texts()} FROM t"));

        string Texts() => string.Join(", ", values.Select((_, i) => $"CAST(c{i} AS VARCHAR)"));
    }

    [Fact]
    public async Task Columns_named_like_those_of_DuckDB_and_differing_by_case_are_told_apart()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "file_row_number", IcebergType.Int), NestedField.Optional(2, "id", IcebergType.Int), NestedField.Optional(3, "ID", IcebergType.Int),
        ]);
        var metadata = await MetadataAsync([schema]);
        var file = await reader.WriteAsync("a.parquet", "SELECT 10 AS a, 20 AS b, 30 AS c UNION ALL SELECT 11, 21, 31", "a: 1, b: 2, c: 3");
        var deletes = await reader.DeletePositionsAsync("d.parquet", (file, 0));

        Assert.Equal(["11|21|31"], await reader.ReadAsync(metadata, [Task(file, 1, (deletes, 2))], "SELECT file_row_number, id, \"ID_1\" FROM t"));
    }

    /// <summary>To be told the columns costs DuckDB half of its time, so it is spared where the file leaves no doubt.</summary>
    [Theory]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS name", "id: 1, name: 2", true)]
    [InlineData("SELECT 'x' AS name, true AS more, 1::BIGINT AS id", "id: 1, name: 2, more: 3", true)]
    [InlineData("SELECT 1::INTEGER AS id, 'x' AS name", "id: 1, name: 2", false)]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS Name", "id: 1, Name: 2", false)]
    [InlineData("SELECT 1::BIGINT AS name, 'x' AS id", "name: 1, id: 2", false)]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS name, true AS file_index", "id: 1, name: 2, file_index: 3", false)]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS name, true AS filename", "id: 1, name: 2, filename: 3", false)]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS name", "", false)]
    public async Task A_file_that_is_read_whole_is_read_as_it_is_if_its_columns_are_the_wanted_ones(string select, string ids, bool asIs)
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "name", IcebergType.String)])]);
        var file = await reader.WriteAsync("a.parquet", select, ids);
        var late = await reader.WriteAsync("b.parquet", "SELECT 2::BIGINT AS id", "id: 1");
        var deletes = await reader.DeletePositionsAsync("d.parquet", (late, 7));

        await using var rows = await reader.OpenAsync(metadata, [Task(late, 1), Task(file, 1), Task(late, 2, (deletes, 3))], whole: true);

        Assert.Equal(asIs, rows.Select.Contains($"read_parquet(['{file.FilePath}'], hive_partitioning", StringComparison.Ordinal));
        Assert.Equal(["1|x", "2|null", "2|null"], await reader.RowsOfAsync($"FROM ({rows.Select}) ORDER BY id"));
    }

    /// <summary>Read together by one call, the columns of the second would be taken for those of the first.</summary>
    [Fact]
    public async Task Files_that_are_read_as_they_are_are_not_mixed_with_others()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "name", IcebergType.String)])]);
        var a = await reader.WriteAsync("a.parquet", "SELECT 1::BIGINT AS id, 'a' AS name", "id: 1, name: 2");
        var b = await reader.WriteAsync("b.parquet", "SELECT 'b' AS name, 2::BIGINT AS id", "id: 1, name: 2");
        var c = await reader.WriteAsync("c.parquet", "SELECT 3::BIGINT AS id, 'c' AS name, 'x' AS more", "id: 1, name: 2, more: 3");
        var d = await reader.WriteAsync("d.parquet", "SELECT 4::BIGINT AS id, 'd' AS name", "id: 1, name: 2");
        FileScanTask[] tasks = [Task(a, 1), Task(b, 1), Task(c, 1), Task(d, 1)];

        await using var rows = await reader.OpenAsync(metadata, tasks, whole: true);

        Assert.Equal(3, rows.Select.Split("hive_partitioning").Length - 1);
        Assert.Equal(["1|a", "2|b", "3|c", "4|d"], await reader.ReadAsync(metadata, tasks));
    }

    [Fact]
    public async Task Thousands_of_files_stay_one_call_for_each_way_of_reading()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "id", IcebergType.Long)])]);
        var file = await reader.WriteAsync("a.parquet", "SELECT 1::BIGINT AS id", "id: 1");
        var deletes = await reader.DeleteKeysAsync("d.parquet", "SELECT 2::BIGINT AS id", "id: 1", 1);
        var tasks = Enumerable.Range(0, 3000).Select(i => i % 2 == 0 ? Task(file, i) : Task(file, i, (deletes, 5000))).ToList();

        await using var rows = await reader.OpenAsync(metadata, tasks);

        Assert.Equal(2, rows.Select.Split("read_parquet(").Length - 1);
        Assert.Equal(["3000"], await reader.RowsOfAsync($"SELECT count(*) FROM ({rows.Select})"));
    }

    private static DataFile Counted(DataFile file) => file with { Metrics = new ColumnMetrics { ValueCounts = Counts(1, 2) } };

    private static ColumnMetrics Sizes(params int[] ids) => new() { ColumnSizes = Counts(ids) };

    private static FieldMap<long> Counts(params int[] ids) => new(ids.ToDictionary(id => id, _ => 1L));
}
