using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using static PvLakehouse.Engine.Tests.Reading.FileReader;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Rows that deletes of every kind leave. Expected rows are worked out by hand from the files written.</summary>
public sealed class DeleteTests
{
    private const string Ids = "id: 1, name: 2";

    private static readonly Schema Schema = new(
        [NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "name", IcebergType.String)]);

    [Fact]
    public async Task Position_deletes_of_several_files_in_any_order_remove_their_rows_alone()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var a = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(5) r(i)", Ids);
        var b = await reader.WriteAsync("b.parquet", "SELECT i + 10 AS id, 'b' AS name FROM range(5) r(i)", Ids);
        var c = await reader.WriteAsync("c.parquet", "SELECT i + 20 AS id, 'c' AS name FROM range(2) r(i)", Ids);
        var first = await reader.DeletePositionsAsync("d1.parquet", (b, 3), (a, 4), (a, 0));
        var second = await reader.DeletePositionsAsync("d2.parquet", (a, 0), (a, 2), (b, 9));

        var rows = await reader.ReadAsync(metadata, [Task(a, 1, (first, 2), (second, 3)), Task(b, 1, (first, 2), (second, 3)), Task(c, 1)]);

        Assert.Equal(["1|a", "3|a", "10|b", "11|b", "12|b", "14|b", "20|c", "21|c"], rows);
    }

    [Fact]
    public async Task A_position_delete_is_of_no_effect_on_a_file_that_planning_did_not_give_it_to()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var a = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(3) r(i)", Ids);
        var b = await reader.WriteAsync("b.parquet", "SELECT i + 10 AS id, 'b' AS name FROM range(3) r(i)", Ids);
        var both = await reader.DeletePositionsAsync("d.parquet", (a, 0), (b, 0));

        Assert.Equal(["1|a", "2|a", "10|b", "11|b", "12|b"], await reader.ReadAsync(metadata, [Task(a, 1, (both, 2)), Task(b, 3)]));

        // The delete is older than the rows of b, though b has another delete file.
        var young = await reader.DeletePositionsAsync("e.parquet", (b, 1));
        Assert.Equal(["1|a", "2|a", "10|b", "12|b"], await reader.ReadAsync(metadata, [Task(a, 1, (both, 2)), Task(b, 3, (young, 4))]));
    }

    [Fact]
    public async Task Places_stay_right_when_row_groups_are_skipped_by_a_filter()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var file = await reader.WriteAsync(
            "a.parquet", "SELECT i AS id, 'n' || i AS name FROM range(10000) r(i)", Ids, ", ROW_GROUP_SIZE 2048");
        var deletes = await reader.DeletePositionsAsync("d.parquet", (file, 9000), (file, 5000), (file, 1));

        Assert.Equal(["8999|n8999", "9001|n9001"], await reader.ReadAsync(
            metadata, [Task(file, 1, (deletes, 2))], "SELECT * FROM t WHERE id BETWEEN 8999 AND 9001 ORDER BY id"));
        Assert.Equal(["9997"], await reader.ReadAsync(metadata, [Task(file, 1, (deletes, 2))], "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_deletion_vector_removes_the_rows_it_names()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var a = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(6) r(i)", Ids);
        var b = await reader.WriteAsync("b.parquet", "SELECT i + 10 AS id, 'b' AS name FROM range(6) r(i)", Ids);
        var (forA, forB) = (await reader.VectorAsync("a.puffin", 1, 3, 5), await reader.VectorAsync("b.puffin", 0));

        var rows = await reader.ReadAsync(metadata, [Task(b, 1, (forB, 2)), Task(a, 1, (forA, 2))]);

        Assert.Equal(["0|a", "2|a", "4|a", "11|b", "12|b", "13|b", "14|b", "15|b"], rows);
    }

    [Fact]
    public async Task Position_deletes_and_deletion_vectors_and_keys_work_together()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var a = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(6) r(i)", Ids);
        var b = await reader.WriteAsync("b.parquet", "SELECT i + 10 AS id, 'b' AS name FROM range(6) r(i)", Ids);
        var positions = await reader.DeletePositionsAsync("d.parquet", (a, 0));
        var vector = await reader.VectorAsync("b.puffin", 5);
        var keys = await reader.DeleteKeysAsync("e.parquet", "SELECT unnest([1, 11, 99])::BIGINT AS id", "id: 1", 1);

        var rows = await reader.ReadAsync(metadata, [Task(a, 1, (positions, 2), (keys, 2)), Task(b, 1, (vector, 2), (keys, 2))]);

        Assert.Equal(["2|a", "3|a", "4|a", "5|a", "10|b", "12|b", "13|b", "14|b"], rows);
    }

    [Fact]
    public async Task Equality_deletes_spare_rows_that_are_not_older()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var old = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'old' AS name FROM range(4) r(i)", Ids);
        var middle = await reader.WriteAsync("b.parquet", "SELECT i AS id, 'middle' AS name FROM range(4) r(i)", Ids);
        var young = await reader.WriteAsync("c.parquet", "SELECT i AS id, 'young' AS name FROM range(4) r(i)", Ids);
        var two = await reader.DeleteKeysAsync("d.parquet", "SELECT 0::BIGINT AS id", "id: 1", 1);
        var four = await reader.DeleteKeysAsync("e.parquet", "SELECT 1::BIGINT AS id", "id: 1", 1);

        var rows = await reader.ReadAsync(
            metadata, [Task(old, 1, (two, 2), (four, 4)), Task(middle, 2, (four, 4)), Task(young, 4)]);

        Assert.Equal(
            ["0|middle", "0|young", "1|young", "2|middle", "2|old", "2|young", "3|middle", "3|old", "3|young"], rows);
    }

    [Fact]
    public async Task Of_several_deletes_of_one_key_the_youngest_counts()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var old = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'old' AS name FROM range(2) r(i)", Ids);
        var middle = await reader.WriteAsync("b.parquet", "SELECT i AS id, 'middle' AS name FROM range(2) r(i)", Ids);
        var young = await reader.WriteAsync("c.parquet", "SELECT i AS id, 'young' AS name FROM range(2) r(i)", Ids);
        var one = await reader.DeleteKeysAsync("d.parquet", "SELECT 0::BIGINT AS id", "id: 1", 1);
        var three = await reader.DeleteKeysAsync("e.parquet", "SELECT 0::BIGINT AS id", "id: 1", 1);

        var rows = await reader.ReadAsync(
            metadata, [Task(old, 0, (one, 1), (three, 3)), Task(middle, 2, (three, 3)), Task(young, 3)]);

        Assert.Equal(["0|young", "1|middle", "1|old", "1|young"], rows);
    }

    [Fact]
    public async Task Null_equals_null_and_not_a_number_equals_itself()
    {
        await using var reader = new FileReader();
        var schema = new Schema([NestedField.Optional(1, "a", IcebergType.Double), NestedField.Optional(2, "b", IcebergType.Int)]);
        var metadata = await MetadataAsync([schema]);
        var file = await reader.WriteAsync(
            "a.parquet", "SELECT * FROM (VALUES (NULL::DOUBLE, 1), ('nan', 2), ('nan', NULL), (1.5, NULL), (NULL, NULL)) t(a, b)", "a: 1, b: 2");
        var pairs = await reader.DeleteKeysAsync(
            "d.parquet", "SELECT * FROM (VALUES (NULL::DOUBLE, 1), ('nan'::DOUBLE, 2), (1.5, NULL)) t(a, b)", "a: 1, b: 2", 1, 2);

        Assert.Equal(["NaN|null", "null|null"], await reader.ReadAsync(metadata, [Task(file, 1, (pairs, 2))]));

        var nulls = await reader.DeleteKeysAsync("e.parquet", "SELECT NULL::INTEGER AS b", "b: 2", 2);
        Assert.Equal(["NaN|2", "null|1"], await reader.ReadAsync(metadata, [Task(file, 1, (nulls, 2))]));
    }

    /// <summary>As Java's <c>Double.compare</c> has it, by which the reference implementation looks keys up.</summary>
    [Theory]
    [InlineData("DOUBLE")]
    [InlineData("FLOAT")]
    public async Task The_two_zeros_are_different_keys_and_all_that_is_not_a_number_is_one(string type)
    {
        await using var reader = new FileReader();
        var field = NestedField.Optional(1, "a", type is "FLOAT" ? IcebergType.Float : IcebergType.Double);
        var metadata = await MetadataAsync([new Schema([field, NestedField.Optional(2, "b", IcebergType.Int)])]);
        var file = await reader.WriteAsync(
            "a.parquet",
            $"SELECT a::{type} AS a, b FROM (VALUES ('0.0', 1), ('-0.0', 2), ('nan', 3), ('-nan', 4), ('1.5', 5), (NULL, 6), ('-1.5', 7)) t(a, b)",
            "a: 1, b: 2");

        Assert.Equal(["1", "3", "4", "5", "6", "7"], await WithoutAsync("'-0.0'"));
        Assert.Equal(["2", "3", "4", "5", "6", "7"], await WithoutAsync("'0.0'"));
        Assert.Equal(["3", "4", "5", "6", "7"], await WithoutAsync("'0.0'", "'-0.0'"));
        Assert.Equal(["1", "2", "5", "6", "7"], await WithoutAsync("'nan'"));
        Assert.Equal(["1", "2", "5", "6", "7"], await WithoutAsync("'-nan'"));
        Assert.Equal(["1", "2", "3", "4", "5", "7"], await WithoutAsync("NULL"));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], await WithoutAsync("'-1.5'"));

        async Task<string[]> WithoutAsync(params string[] keys)
        {
            var name = $"d{Guid.NewGuid():N}.parquet";
            var deletes = await reader.DeleteKeysAsync(name, $"SELECT unnest([{string.Join(", ", keys)}])::{type} AS a", "a: 1", 1);
            return await reader.ReadAsync(metadata, [Task(file, 1, (deletes, 2))], "SELECT b FROM t ORDER BY b");
        }
    }

    [Fact]
    public async Task Zeros_in_structs_and_widened_zeros_keep_their_signs_as_keys()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "s", new StructType([NestedField.Optional(2, "a", IcebergType.Double)])), NestedField.Optional(3, "b", IcebergType.Int),
        ]);
        var metadata = await MetadataAsync([schema]);
        const string ids = "s: {__duckdb_field_id: 1, a: 2}";
        var file = await reader.WriteAsync(
            "a.parquet", "SELECT {'a': a::FLOAT} AS s, b FROM (VALUES ('0.0', 1), ('-0.0', 2)) t(a, b) UNION ALL SELECT NULL, 3", $"{ids}, b: 3");
        var old = await reader.DeleteKeysAsync("d.parquet", "SELECT {'a': '-0.0'::FLOAT} AS s", ids, 2);
        var young = await reader.DeleteKeysAsync("e.parquet", "SELECT {'a': '0.0'::DOUBLE} AS s", ids, 2);

        Assert.Equal(["1", "3"], await reader.ReadAsync(metadata, [Task(file, 2, (old, 3))], "SELECT b FROM t ORDER BY b"));
        Assert.Equal(["2", "3"], await reader.ReadAsync(metadata, [Task(file, 2, (young, 3))], "SELECT b FROM t ORDER BY b"));

        // The youngest delete of a key is kept for each zero, not for both.
        Assert.Equal(["2", "3"], await reader.ReadAsync(metadata, [Task(file, 2, (old, 1), (young, 3))], "SELECT b FROM t ORDER BY b"));
    }

    [Fact]
    public async Task Equality_deletes_are_limited_to_their_partition_unless_their_spec_has_none()
    {
        await using var reader = new FileReader();
        var spec = new PartitionSpec(1, [new PartitionField(2, 1000, "name", Transform.Identity)]);
        var metadata = await MetadataAsync([Schema]);
        metadata = metadata with { Specs = [Unpartitioned, spec] };
        DataFile In(DataFile file, string name) => file with { SpecId = 1, Partition = new PartitionValues([Literal.String(name)]) };
        var x = In(await reader.WriteAsync("x.parquet", "SELECT i AS id, 'x' AS name FROM range(3) r(i)", Ids), "x");
        var y = In(await reader.WriteAsync("y.parquet", "SELECT i AS id, 'y' AS name FROM range(3) r(i)", Ids), "y");
        var inX = In(await reader.DeleteKeysAsync("dx.parquet", "SELECT 0::BIGINT AS id", "id: 1", 1), "x");
        var inY = In(await reader.DeleteKeysAsync("dy.parquet", "SELECT 1::BIGINT AS id", "id: 1", 1), "y");
        var everywhere = await reader.DeleteKeysAsync("de.parquet", "SELECT 2::BIGINT AS id", "id: 1", 1);

        var rows = await reader.ReadAsync(
            metadata, [Task(x, spec, 1, (inX, 2), (everywhere, 3)), Task(y, spec, 1, (inY, 2), (everywhere, 3))]);

        Assert.Equal(["0|y", "1|x"], rows);
    }

    [Fact]
    public async Task Keys_may_be_columns_that_are_dropped_renamed_widened_or_not_wanted()
    {
        await using var reader = new FileReader();
        var before = new Schema(
        [
            NestedField.Optional(1, "id", IcebergType.Int), NestedField.Optional(2, "gone", IcebergType.String), NestedField.Optional(3, "age", IcebergType.Int),
        ]);
        var now = new Schema([NestedField.Optional(3, "scope", IcebergType.Int), NestedField.Optional(1, "key", IcebergType.Long)]);
        var metadata = await MetadataAsync([before, now]);
        var file = await reader.WriteAsync(
            "a.parquet", "SELECT i::INTEGER AS id, 'g' || i AS gone, (i * 10)::INTEGER AS age FROM range(6) r(i)", "id: 1, gone: 2, age: 3");
        var later = await reader.WriteAsync("b.parquet", "SELECT 60::INTEGER AS scope, 6::BIGINT AS key", "scope: 3, key: 1");
        var dropped = await reader.DeleteKeysAsync("d1.parquet", "SELECT 'g1' AS gone", "gone: 2", 2);
        var narrow = await reader.DeleteKeysAsync("d2.parquet", "SELECT 2::INTEGER AS id, 'other' AS more", "id: 1, more: 2", 1);
        var wide = await reader.DeleteKeysAsync("d3.parquet", "SELECT 3::BIGINT AS key, 30::INTEGER AS scope", "key: 1, scope: 3", 3, 1);
        (DataFile, long)[] all = [(dropped, 2), (narrow, 2), (wide, 2)];

        Assert.Equal(["0|0", "40|4", "50|5", "60|6"], await reader.ReadAsync(metadata, [Task(file, 1, all), Task(later, 1, all)]));
        Assert.Equal(["0", "40", "50", "60"], await reader.ReadAsync(
            metadata, [Task(file, 1, all), Task(later, 1, all)], schema: new Schema([NestedField.Optional(3, "scope", IcebergType.Int)])));
    }

    [Fact]
    public async Task A_file_that_lacks_a_key_column_has_null_there()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var without = await reader.WriteAsync("a.parquet", "SELECT i AS id FROM range(2) r(i)", "id: 1");
        var with = await reader.WriteAsync("b.parquet", "SELECT 7::BIGINT AS id, 'x' AS name UNION ALL SELECT 8, NULL", Ids);
        var nulls = await reader.DeleteKeysAsync("d.parquet", "SELECT NULL::VARCHAR AS name", "name: 2", 2);

        Assert.Equal(["7|x"], await reader.ReadAsync(metadata, [Task(without, 1, (nulls, 2)), Task(with, 1, (nulls, 2))]));
    }

    [Fact]
    public async Task Keys_may_lie_in_structs()
    {
        await using var reader = new FileReader();
        var schema = new Schema(
        [
            NestedField.Optional(1, "s", new StructType([NestedField.Optional(2, "a", IcebergType.Int), NestedField.Optional(3, "b", IcebergType.Int)])),
        ]);
        var metadata = await MetadataAsync([schema]);
        const string ids = "s: {__duckdb_field_id: 1, a: 2, b: 3}";
        var file = await reader.WriteAsync(
            "a.parquet", "SELECT CASE WHEN i < 3 THEN {'a': i::INTEGER, 'b': (i % 2)::INTEGER} END AS s FROM range(4) r(i)", ids);
        var one = await reader.DeleteKeysAsync("d.parquet", "SELECT {'a': 1, 'b': 77} AS s", ids, 2);
        var pair = await reader.DeleteKeysAsync("e.parquet", "SELECT {'a': 2, 'b': 0} AS s UNION ALL SELECT {'a': 0, 'b': 1}", ids, 2, 3);

        Assert.Equal(["{a=0, b=0}", "null"], await reader.ReadAsync(metadata, [Task(file, 1, (one, 2), (pair, 2))]));
        Assert.Equal(["0", "null"], await reader.ReadAsync(
            metadata, [Task(file, 1, (one, 2), (pair, 2))], "SELECT s.b FROM t ORDER BY ALL"));
    }

    [Fact]
    public async Task What_cannot_be_applied_is_refused_with_the_name_of_the_delete_file()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var file = await reader.WriteAsync("a.parquet", "SELECT 1::BIGINT AS id", "id: 1");
        var unknown = await reader.DeleteKeysAsync("d.parquet", "SELECT 1 AS x", "x: 9", 9);
        var empty = await reader.DeleteKeysAsync("e.parquet", "SELECT 1 AS x", "x: 2", 1);
        var avro = unknown with { Format = FileFormat.Avro, FilePath = "/x/d.avro", EqualityIds = [1] };

        await RefusedAsync(unknown, $"The delete file '{unknown.FilePath}' deletes by field 9, which no schema of the table has.");
        await RefusedAsync(avro, "The delete file '/x/d.avro' is Avro, but only Parquet can be read; rewrite the table as Parquet.");
        await RefusedAsync(empty, $"The data file '{empty.FilePath}' cannot be read as the table asks. It lacks the column 'id', which is required and has no default.");

        async Task RefusedAsync(DataFile delete, string message)
        {
            var error = await Assert.ThrowsAsync<SqlEngineException>(() => reader.ReadAsync(metadata, [Task(file, 1, (delete, 2))]));
            Assert.Equal(message, error.Message);
        }
    }

    [Fact]
    public async Task Deletes_are_gone_when_the_rows_are_no_longer_read()
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var file = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(3) r(i)", Ids);
        var positions = await reader.DeletePositionsAsync("d.parquet", (file, 0));
        var keys = await reader.DeleteKeysAsync("e.parquet", "SELECT 1::BIGINT AS id", "id: 1", 1);

        await using (await reader.OpenAsync(metadata, [Task(file, 1, (positions, 2), (keys, 2))]))
        {
            Assert.Equal(["2"], await reader.RowsOfAsync("SELECT count(*) FROM duckdb_tables()"));
        }

        Assert.Equal(["0"], await reader.RowsOfAsync("SELECT count(*) FROM duckdb_tables()"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Live_rows_are_numbered_by_file_and_place(bool whole)
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var a = await reader.WriteAsync("a.parquet", "SELECT i AS id, 'a' AS name FROM range(3) r(i)", Ids);
        var b = await reader.WriteAsync("b.parquet", "SELECT i + 10 AS id, 'b' AS name FROM range(3) r(i)", Ids);
        var c = await reader.WriteAsync("c.parquet", "SELECT i + 20 AS id, 'c' AS name FROM range(3) r(i)", Ids);
        var deletes = await reader.DeletePositionsAsync("d.parquet", (a, 0), (c, 1));
        await using var rows = await reader.OpenAsync(metadata, [Task(a, 1, (deletes, 2)), Task(b, 1), Task(c, 1, (deletes, 2))], whole: whole);

        var names = string.Concat(rows.Files.Select(f => Path.GetFileNameWithoutExtension(f.File.FilePath)));
        var numbered = await reader.RowsOfAsync($"SELECT id, '{names}'[CAST(__file AS BIGINT) + 1], __position FROM {rows.Numbered()} ORDER BY id");
        var without = await reader.RowsOfAsync(
            $"SELECT id, '{names}'[CAST(__file AS BIGINT) + 1], __position FROM {rows.Numbered([names.IndexOf('c', StringComparison.Ordinal), names.IndexOf('b', StringComparison.Ordinal)])} ORDER BY id");

        Assert.Equal(["1|a|1", "2|a|2", "10|b|0", "11|b|1", "12|b|2", "20|c|0", "22|c|2"], numbered);
        Assert.Equal(["10|b|0", "11|b|1", "12|b|2", "20|c|0", "22|c|2"], without);
    }
}
