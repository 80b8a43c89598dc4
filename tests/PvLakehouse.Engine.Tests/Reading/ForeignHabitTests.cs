using System.Text;
using PvLakehouse.Engine.Tests.Support;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using static PvLakehouse.Engine.Tests.Reading.FileReader;
using static PvLakehouse.Engine.Tests.Support.RawParquet;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Files as old or other writers lay them; the expected values are those that were put into their bytes.</summary>
public sealed class ForeignHabitTests
{
    private static readonly long OneHour = 3_600_000_000_000;

    /// <summary>Julian day 2440588 is 1970-01-01.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public async Task Timestamps_of_96_bits_are_instants_of_UTC(int? id)
    {
        await using var reader = new FileReader();
        byte[][] values = [Int96(2440588, 0), Int96(2440587, 23 * OneHour), Int96(2460370, OneHour + 123_456_000)];
        var file = Write(reader, "a.parquet", 4, 1, f => f.Column(
            "t", Repetition.Optional, Physical.Int96, "t", values, definition: ([1, 1, 0, 1], 1), id: id));

        Assert.Equal(
            ["1970-01-01T00:00:00Z", "1969-12-31T23:00:00Z", "null", "2024-02-29T01:00:00.123456Z"], await RowsAsync(IcebergType.TimestampTz));
        Assert.Equal(
            ["1970-01-01T00:00:00", "1969-12-31T23:00:00", "null", "2024-02-29T01:00:00.123456"], await RowsAsync(IcebergType.Timestamp));

        async Task<string[]> RowsAsync(IcebergType type) =>
            await reader.ReadAsync(await MetadataAsync([new Schema([NestedField.Optional(1, "t", type)])]), [Task(file, 1)], "FROM t");
    }

    [Fact]
    public async Task Instants_in_nanoseconds_are_cut_to_microseconds_towards_1970()
    {
        await using var reader = new FileReader();
        byte[][] values = [Int64(1_709_168_400_123_456_789), Int64(-1), Int64(1_001)];
        var file = Write(reader, "a.parquet", 3, 1, f => f.Column(
            "t", Repetition.Required, Physical.Int64, "t", values, nanosUtc: true, id: 1));
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "t", IcebergType.TimestampTzNs)])]);

        Assert.Equal(
            ["2024-02-29T01:00:00.123456Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000001Z"],
            await reader.ReadAsync(metadata, [Task(file, 1)], "FROM t"));
    }

    /// <summary>Milliseconds, decimals in every storage, text without a mark, fixed bytes: all allowed to writers.</summary>
    [Fact]
    public async Task One_type_may_be_stored_in_several_ways()
    {
        await using var reader = new FileReader();
        var file = Write(reader, "a.parquet", 1, 7, f => f
            .Column("millis", Repetition.Required, Physical.Int64, "millis", [Int64(-1)], converted: Converted.TimestampMillis, id: 1)
            .Column("d32", Repetition.Required, Physical.Int32, "d32", [Int32(-123)], converted: Converted.Decimal, scale: (9, 2), id: 2)
            .Column("d64", Repetition.Required, Physical.Int64, "d64", [Int64(-123)], converted: Converted.Decimal, scale: (18, 2), id: 3)
            .Column("dfix", Repetition.Required, Physical.Fixed, "dfix", [[0xFF, 0x85]], length: 2, converted: Converted.Decimal, scale: (4, 2), id: 4)
            .Column("dbin", Repetition.Required, Physical.Bytes, "dbin", [[0x85]], converted: Converted.Decimal, scale: (38, 2), id: 5)
            .Column("kind", Repetition.Required, Physical.Bytes, "kind", [Encoding.UTF8.GetBytes("é")], converted: Converted.Enum, id: 6)
            .Column("code", Repetition.Required, Physical.Fixed, "code", [[0, 0xFF, 0x41]], length: 3, id: 7));
        var metadata = await MetadataAsync(
        [
            new Schema(
            [
                NestedField.Optional(1, "millis", IcebergType.TimestampTz), NestedField.Optional(2, "d32", IcebergType.Decimal(9, 2)),
                NestedField.Optional(3, "d64", IcebergType.Decimal(18, 2)), NestedField.Optional(4, "dfix", IcebergType.Decimal(4, 2)),
                NestedField.Optional(5, "dbin", IcebergType.Decimal(38, 2)), NestedField.Optional(6, "kind", IcebergType.String),
                NestedField.Optional(7, "code", IcebergType.Fixed(3)),
            ]),
        ]);

        Assert.Equal(
            ["1969-12-31T23:59:59.999Z|-1.23|-1.23|-1.23|-1.23|é|hex:00ff41"], await reader.ReadAsync(metadata, [Task(file, 1)], "FROM t"));
    }

    [Fact]
    public async Task Text_without_a_mark_stays_text_in_every_file_of_its_writer()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "s", IcebergType.String)])]);
        DataFile Of(string name, string text) => Write(reader, name, 1, 1, f => f.Column(
            "s", Repetition.Required, Physical.Bytes, "s", [Encoding.UTF8.GetBytes(text)], id: 1));
        var a = Of("a.parquet", "Zürich");
        var b = Of("b.parquet", "Łódź");
        var marked = await reader.WriteAsync("c.parquet", "SELECT 'Århus' AS s", "s: 1");

        Assert.Equal(["Zürich", "Århus", "Łódź"], await reader.ReadAsync(metadata, [Task(a, 1), Task(b, 1), Task(marked, 2)]));
    }

    /// <summary>
    /// Lists of two levels (the repeated field is the element), as Avro's and Hive's writers made them, without ids: the mapping's name for
    /// what they hold is <c>element</c> all the same.
    /// </summary>
    [Fact]
    public async Task Lists_of_two_levels_and_old_maps_are_understood_by_a_name_mapping()
    {
        await using var reader = new FileReader();
        var point = new StructType([NestedField.Optional(6, "y", IcebergType.Int), NestedField.Optional(5, "x", IcebergType.Int)]);
        var schema = new Schema(
        [
            NestedField.Optional(1, "l", new ListType(2, IcebergType.Long, false)),
            NestedField.Optional(3, "points", new ListType(4, point, false)),
            NestedField.Optional(7, "m", new MapType(8, IcebergType.String, 9, IcebergType.Int, false)),
            NestedField.Optional(10, "bag", new ListType(11, IcebergType.Int, false)),
        ]);
        var metadata = await MetadataAsync([schema], properties: new(StringComparer.Ordinal)
        {
            ["schema.name-mapping.default"] = """
                [{"field-id": 1, "names": ["l"], "fields": [{"field-id": 2, "names": ["element"]}]},
                 {"field-id": 3, "names": ["points"], "fields": [{"field-id": 4, "names": ["element"],
                     "fields": [{"field-id": 5, "names": ["x"]}, {"field-id": 6, "names": ["y"]}]}]},
                 {"field-id": 7, "names": ["m"], "fields": [{"field-id": 8, "names": ["key"]}, {"field-id": 9, "names": ["value"]}]},
                 {"field-id": 10, "names": ["bag"], "fields": [{"field-id": 11, "names": ["element"]}]}]
                """,
        });

        // Rows: [1, 2] [(1, 10)] {a: 7} [5, null]; null [] null []; [] null {} null.
        var file = Write(reader, "a.parquet", 3, 4, f => f
            .Group("l", Repetition.Optional, 1, Converted.List)
            .Column("array", Repetition.Repeated, Physical.Int32, "l/array", [Int32(1), Int32(2)], ([2, 2, 0, 1], 2), ([0, 1, 0, 0], 1))
            .Group("points", Repetition.Optional, 1, Converted.List)
            .Group("array", Repetition.Repeated, 2)
            .Column("x", Repetition.Optional, Physical.Int32, "points/array/x", [Int32(1)], ([3, 1, 0], 3), ([0, 0, 0], 1))
            .Column("y", Repetition.Required, Physical.Int32, "points/array/y", [Int32(10)], ([2, 1, 0], 2), ([0, 0, 0], 1))
            .Group("m", Repetition.Optional, 1, Converted.Map)
            .Group("map", Repetition.Repeated, 2, Converted.MapKeyValue)
            .Column("key", Repetition.Required, Physical.Bytes, "m/map/key", ["a"u8.ToArray()], ([2, 0, 1], 2), ([0, 0, 0], 1), converted: Converted.Utf8)
            .Column("value", Repetition.Optional, Physical.Int32, "m/map/value", [Int32(7)], ([3, 0, 1], 3), ([0, 0, 0], 1))
            .Group("bag", Repetition.Optional, 1, Converted.List)
            .Group("bag", Repetition.Repeated, 1)
            .Column("array_element", Repetition.Optional, Physical.Int32, "bag/bag/array_element", [Int32(5)], ([3, 2, 1, 0], 3), ([0, 1, 0, 0], 1)));

        Assert.Equal(
            ["[1, 2]|[{y=10, x=1}]|{a=7}|[5, null]", "null|[]|null|[]", "[]|null|{}|null"],
            await reader.ReadAsync(metadata, [Task(file, 1)], "FROM t"));
    }

    /// <summary>DuckDB by itself gives nulls when it is asked for such a list by its id.</summary>
    [Fact]
    public async Task Lists_of_two_levels_and_old_maps_may_have_ids()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(5, "id", IcebergType.Long), NestedField.Optional(1, "l", new ListType(2, IcebergType.Long, false)),
            NestedField.Optional(3, "points", new ListType(4, new StructType([NestedField.Optional(6, "y", IcebergType.Long)]), false)),
            NestedField.Optional(7, "m", new MapType(8, IcebergType.String, 9, IcebergType.Int, false)),
        ]);
        var metadata = await MetadataAsync([schema]);

        // Of one writer, so that only the first is looked at for its habits.
        var a = Of("a.parquet", 3);
        var b = Of("b.parquet", 5);

        Assert.Equal(
            ["1|[3, 4]|[{y=30}]|{a=7}", "1|[5, 4]|[{y=30}]|{a=7}", "2|null|null|null", "2|null|null|null"],
            await reader.ReadAsync(metadata, [Task(a, 1), Task(b, 1)]));

        DataFile Of(string name, int first) => Write(reader, name, 2, 4, f => f
            .Group("other", Repetition.Optional, 1, Converted.List, id: 1)
            .Column("element", Repetition.Repeated, Physical.Int32, "other/element", [Int32(first), Int32(4)], ([2, 2, 0], 2), ([0, 1, 0], 1), id: 2)
            .Group("points", Repetition.Optional, 1, Converted.List, id: 3)
            .Group("array", Repetition.Repeated, 2, id: 4)
            .Column("x", Repetition.Required, Physical.Int32, "points/array/x", [Int32(29)], ([2, 0], 2), ([0, 0], 1), id: 5001)
            .Column("was", Repetition.Required, Physical.Int32, "points/array/was", [Int32(30)], ([2, 0], 2), ([0, 0], 1), id: 6)
            .Group("mm", Repetition.Optional, 1, Converted.Map, id: 7)
            .Group("map", Repetition.Repeated, 2, Converted.MapKeyValue)
            .Column("key", Repetition.Required, Physical.Bytes, "mm/map/key", ["a"u8.ToArray()], ([2, 0], 2), ([0, 0], 1), converted: Converted.Utf8, id: 8)
            .Column("value", Repetition.Optional, Physical.Int32, "mm/map/value", [Int32(7)], ([3, 0], 3), ([0, 0], 1), id: 9)
            .Column("key", Repetition.Required, Physical.Int64, "key", [Int64(1), Int64(2)], id: 5));
    }

    /// <summary>Lists of three levels by other names, and old maps, keep their ids.</summary>
    [Fact]
    public async Task Lists_of_three_levels_may_have_any_names_inside()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "l", new ListType(2, IcebergType.Long, false)),
            NestedField.Optional(7, "m", new MapType(8, IcebergType.String, 9, IcebergType.Long, false)),
        ]);
        var file = Write(reader, "a.parquet", 2, 2, f => f
            .Group("other", Repetition.Optional, 1, Converted.List, id: 1)
            .Group("bag", Repetition.Repeated, 1)
            .Column("array_element", Repetition.Optional, Physical.Int32, "other/bag/array_element", [Int32(5)], ([3, 2, 0], 3), ([0, 1, 0], 1), id: 2)
            .Group("mm", Repetition.Optional, 1, Converted.Map, id: 7)
            .Group("map", Repetition.Repeated, 2, Converted.MapKeyValue)
            .Column("key", Repetition.Required, Physical.Bytes, "mm/map/key", ["a"u8.ToArray()], ([2, 0], 2), ([0, 0], 1), converted: Converted.Utf8, id: 8)
            .Column("value", Repetition.Optional, Physical.Int32, "mm/map/value", [Int32(7)], ([3, 0], 3), ([0, 0], 1), id: 9));

        Assert.Equal(["[5, null]|{a=7}", "null|null"], await reader.ReadAsync(await MetadataAsync([schema]), [Task(file, 1)]));
    }

    /// <summary>MAP_KEY_VALUE on the outer group, which DuckDB does not take for a map.</summary>
    [Fact]
    public async Task A_file_whose_columns_cannot_be_understood_is_refused_by_name()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "m", new MapType(2, IcebergType.Int, 3, IcebergType.Int, false))])]);
        var file = Write(reader, "a.parquet", 1, 1, f => f
            .Group("m", Repetition.Optional, 1, Converted.MapKeyValue, id: 1)
            .Group("map", Repetition.Repeated, 2)
            .Column("key", Repetition.Required, Physical.Int32, "m/map/key", [Int32(1)], ([2], 2), ([0], 1), id: 2)
            .Column("value", Repetition.Optional, Physical.Int32, "m/map/value", [Int32(7)], ([3], 3), ([0], 1), id: 3));

        var good = await reader.WriteAsync("b.parquet", "SELECT MAP {1: 2} AS m", "m: {__duckdb_field_id: 1, key: 2, value: 3}");

        var alone = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, [Task(file, 1)]));
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, [Task(good, 1), Task(file, 2)]));

        Assert.Equal(alone.Message, error.Message);
        Assert.Equal($"The data file '{file.FilePath}' cannot be read: MAP_KEY_VALUE requires two children.", error.Message);
    }

    [Fact]
    public async Task Shapes_as_plain_bytes_stay_those_bytes()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync(
            [new Schema([NestedField.Optional(1, "place", IcebergType.Parse("geometry(EPSG:4326)")), NestedField.Optional(2, "area", IcebergType.Parse("geography"))])]);

        // POINT (1 2), little-endian well-known binary.
        const string Point = "0101000000000000000000F03F0000000000000040";
        var file = await reader.WriteAsync("a.parquet", $"SELECT from_hex('{Point}') AS place, NULL::BLOB AS area", "place: 1, area: 2");

        Assert.Equal([$"hex:{Point.ToLowerInvariant()}|null"], await reader.ReadAsync(metadata, [Task(file, 1)]));
    }

    [Fact]
    public async Task Deeply_nested_fields_are_found_by_id_after_every_kind_of_change()
    {
        await using var reader = new FileReader();

        // Once: a map of lists of structs whose struct s has x (int), gone and a map. Now x is renamed and long, gone is dropped, more is added.
        var inner = new StructType(
        [
            NestedField.Optional(12, "more", IcebergType.String), NestedField.Optional(7, "wide", IcebergType.Long),
            NestedField.Optional(9, "tags", new MapType(10, IcebergType.String, 11, IcebergType.Double, false)),
        ]);
        var schema = new Schema(
        [
            NestedField.Optional(1, "m", new MapType(2, IcebergType.String, 3, new ListType(4, new StructType([NestedField.Optional(6, "s", inner)]), false), false)),
        ]);
        var metadata = await MetadataAsync([schema]);
        var file = await reader.WriteAsync(
            "a.parquet",
            """
            SELECT MAP {'k': [{'s': {'x': 1::INTEGER, 'gone': true, 'labels': MAP {'a': 0.5::FLOAT}}}, {'s': NULL}, NULL], 'e': [], 'n': NULL} AS m
            """,
            """
            m: {__duckdb_field_id: 1, key: 2, value: {__duckdb_field_id: 3, element: {__duckdb_field_id: 4, s: {__duckdb_field_id: 6,
                x: 7, gone: 8, labels: {__duckdb_field_id: 9, key: 10, value: 11}}}}}
            """);

        Assert.Equal(
            ["{k=[{s={more=null, wide=1, tags={a=0.5}}}, {s=null}, null], e=[], n=null}"], await reader.ReadAsync(metadata, [Task(file, 1)]));
    }

    [Theory]
    [InlineData(FileFormat.Orc, "Orc")]
    [InlineData(FileFormat.Avro, "Avro")]
    public async Task Data_files_of_other_formats_are_refused_by_name(FileFormat format, string name)
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([new Schema([NestedField.Optional(1, "id", IcebergType.Long)])]);
        var parquet = await reader.WriteAsync("a.parquet", "SELECT 1::BIGINT AS id", "id: 1");
        var other = new DataFile { FilePath = "s3://warehouse/t/b.data", Format = format, RecordCount = 1, FileSizeInBytes = 10 };

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, [Task(parquet, 1), Task(other, 1)]));

        Assert.Equal($"The data file 's3://warehouse/t/b.data' is {name}, but only Parquet can be read; rewrite the table as Parquet.", error.Message);
    }

    private static DataFile Write(FileReader reader, string name, long rows, int columns, Action<RawParquet> content)
    {
        var path = Path.Combine(reader.Folder, name);
        var file = new RawParquet();
        content(file);
        file.Write(path, rows, columns);
        return new DataFile { FilePath = path, RecordCount = rows, FileSizeInBytes = new FileInfo(path).Length };
    }
}
