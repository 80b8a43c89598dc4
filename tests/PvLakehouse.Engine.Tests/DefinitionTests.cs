using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>CREATE, ALTER and DROP in the spellings of Trino, Spark and DuckDB.</summary>
public sealed class DefinitionTests
{
    [Theory]
    [InlineData(
        "CREATE TABLE iceberg.gold.x (id bigint NOT NULL COMMENT 'key', name varchar, at timestamp(6) with time zone, wall timestamp, price decimal(10, 2), tags array(varchar), who row(a integer, b double))",
        "1 id long required 'key'; 2 name string; 3 at timestamptz; 4 wall timestamp; 5 price decimal(10, 2); 6 tags list<string>; 7 who struct<a int, b double>")]
    [InlineData(
        "CREATE TABLE iceberg.gold.x (id BIGINT NOT NULL COMMENT 'key', at TIMESTAMP, wall TIMESTAMP_NTZ, who STRUCT<a: INT, b: ARRAY<STRING>>, m MAP<STRING, DATE>) USING iceberg",
        "1 id long required 'key'; 2 at timestamptz; 3 wall timestamp; 4 who struct<a int, b list<string>>; 5 m map<string, date>")]
    [InlineData("CREATE TABLE IF NOT EXISTS iceberg.gold.x (\"a b\" INTEGER[], `c` uuid, d BLOB, e REAL, f DOUBLE PRECISION, g TIME)", "1 a b list<int>; 2 c uuid; 3 d binary; 4 e float; 5 f double; 6 g time")]
    [InlineData("CREATE TABLE iceberg.gold.x AS SELECT 1 AS a, sum(range) AS b, now() AS c, {'k': [1.5]} AS d FROM range(3)", "1 a int; 2 b decimal(38, 0); 3 c timestamptz; 4 d struct<k list<decimal(2, 1)>>")]
    public async Task Columns_get_Iceberg_types(string sql, string columns)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();

        await session.RunLinesAsync(sql);

        Assert.Equal(columns, string.Join("; ", (await lake.LoadAsync("gold.x")).Schema.Columns.Select(Text)));
    }

    [Theory]
    [InlineData("WITH (partitioning = ARRAY['month(day)', 'bucket(id, 4)', 'region'], sorted_by = ARRAY['id DESC', 'region ASC NULLS LAST'], format = 'PARQUET', format_version = 2, \"write.target-file-size-bytes\" = 1000)")]
    [InlineData("USING iceberg PARTITIONED BY (months(day), bucket(4, id), region) TBLPROPERTIES ('write.target-file-size-bytes' = '1000', write.format.default = 'parquet')")]
    public async Task Layout_in_both_dialects(string layout)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();

        await session.RunLinesAsync($"CREATE TABLE iceberg.gold.x (id int, day date, region string) {layout}");
        if (layout.StartsWith("USING", StringComparison.Ordinal))
        {
            await session.RunLinesAsync("ALTER TABLE iceberg.gold.x WRITE ORDERED BY id DESC, region ASC NULLS LAST");
        }

        var table = await lake.LoadAsync("gold.x");
        Assert.Equal(["day_month=month(2)", "id_bucket=bucket[4](1)", "region=identity(3)"], table.Spec.Fields.Select(f => $"{f.Name}={f.Transform}({f.SourceId})"));
        Assert.Equal(
            [(1, SortDirection.Descending, NullOrder.Last), (3, SortDirection.Ascending, NullOrder.Last)],
            table.SortOrder.Fields.Select(f => (f.SourceId, f.Direction, f.Nulls)));
        Assert.Equal("1000", table.Metadata.Properties["write.target-file-size-bytes"]);
        Assert.Equal("parquet", table.Metadata.Properties["write.format.default"]);
    }

    [Fact]
    public async Task A_table_made_from_a_query_has_its_rows()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();

        Assert.StartsWith("3|0|0|", Assert.Single(await session.RunLinesAsync(
            "CREATE TABLE iceberg.gold.x WITH (partitioning = ARRAY['parity']) AS SELECT range AS n, range % 2 AS parity FROM range(3)")), StringComparison.Ordinal);

        Assert.Equal(["0|0", "1|1", "2|0"], await session.LinesAsync("FROM iceberg.gold.x ORDER BY n"));
        Assert.Equal(2, (await lake.FilesAsync("gold.x")).Count);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync("CREATE TABLE iceberg.gold.y AS SELECT CASE WHEN range = 2 THEN error('no') ELSE range END AS n FROM range(3)"));
        Assert.Equal("No.", error.Message);
        Assert.False(await lake.Catalog.TableExistsAsync(Iceberg.Catalog.TableIdentifier.Parse("gold.y"), Lake.Cancel));
    }

    [Theory]
    [InlineData("ADD COLUMN c bigint", "1 a int; 2 b struct<x int>; 4 c long", "1|{x=1}|null")]
    [InlineData("ADD COLUMNS (c bigint COMMENT 'see' FIRST, d string AFTER a)", "4 c long 'see'; 1 a int; 5 d string; 2 b struct<x int>", "null|1|null|{x=1}")]
    [InlineData("ADD COLUMN IF NOT EXISTS A int", "1 a int; 2 b struct<x int>", "1|{x=1}")]
    [InlineData("ADD COLUMN b.y double", "1 a int; 2 b struct<x int, y double>", "1|{x=1, y=null}")]
    [InlineData("DROP COLUMN a", "2 b struct<x int>", "{x=1}")]
    [InlineData("DROP COLUMNS (a)", "2 b struct<x int>", "{x=1}")]
    [InlineData("DROP COLUMN IF EXISTS nope", "1 a int; 2 b struct<x int>", "1|{x=1}")]
    [InlineData("RENAME COLUMN a TO z", "1 z int; 2 b struct<x int>", "1|{x=1}")]
    [InlineData("RENAME COLUMN b.x TO z", "1 a int; 2 b struct<z int>", "1|{z=1}")]
    [InlineData("ALTER COLUMN a TYPE bigint", "1 a long; 2 b struct<x int>", "1|{x=1}")]
    [InlineData("ALTER COLUMN b.x SET DATA TYPE bigint", "1 a int; 2 b struct<x long>", "1|{x=1}")]
    [InlineData("ALTER COLUMN b FIRST", "2 b struct<x int>; 1 a int", "{x=1}|1")]
    [InlineData("ALTER COLUMN a AFTER b", "2 b struct<x int>; 1 a int", "{x=1}|1")]
    [InlineData("ALTER COLUMN a COMMENT 'why'", "1 a int 'why'; 2 b struct<x int>", "1|{x=1}")]
    [InlineData("ALTER a DROP NOT NULL", "1 a int; 2 b struct<x int>", "1|{x=1}")]
    public async Task Columns_change_without_losing_rows(string action, string columns, string row)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        await session.RunLinesAsync($"ALTER TABLE iceberg.gold.t {action}");

        Assert.Equal(columns, string.Join("; ", (await lake.LoadAsync("gold.t")).Schema.Columns.Select(Text)));
        await using var result = await session.QueryAsync("FROM iceberg.gold.t", null, Lake.Cancel);
        Assert.Equal(row, string.Join('|', Assert.Single(await result.ToListAsync(Lake.Cancel)).Select(Plain)));
    }

    [Fact]
    public async Task Partitioning_changes_field_by_field()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("CREATE TABLE iceberg.gold.p (id int, ts timestamp, s string)");

        async Task<string> After(string action)
        {
            await session.RunLinesAsync($"ALTER TABLE iceberg.gold.p {action}");
            return string.Join(", ", (await lake.LoadAsync("gold.p")).Spec.Fields.Select(f => $"{f.Name}:{f.FieldId}"));
        }

        // Names as Java's UpdatePartitionSpec gives them; field ids count from 1000 and are never used for another field.
        Assert.Equal("id_bucket_16:1000", await After("ADD PARTITION FIELD bucket(16, id)"));
        Assert.Equal("id_bucket_16:1000, ts_day:1001", await After("ADD PARTITION FIELD days(ts)"));
        Assert.Equal("id_bucket_16:1000, month:1002", await After("REPLACE PARTITION FIELD ts_day WITH months(ts) AS month"));
        Assert.Equal("month:1002", await After("DROP PARTITION FIELD bucket(16, id)"));
        Assert.Equal("month:1002, s:1003", await After("ADD PARTITION FIELD s"));
        Assert.Equal("month:1002", await After("DROP PARTITION FIELD s"));
        Assert.Equal("ts_day:1001", await After("SET PROPERTIES partitioning = ARRAY['day(ts)']"));
        Assert.Equal("", await After("SET PROPERTIES partitioning = DEFAULT"));
    }

    [Fact]
    public async Task Properties_are_set_and_unset()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t SET TBLPROPERTIES ('a.b' = 'c', 'n' = 5)");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t SET PROPERTIES compression_codec = 'SNAPPY', sorted_by = ARRAY['a']");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t UNSET TBLPROPERTIES IF EXISTS ('n', 'nope')");

        var table = await lake.LoadAsync("gold.t");
        Assert.Equal("c", table.Metadata.Properties["a.b"]);
        Assert.Equal("snappy", table.Metadata.Properties["write.parquet.compression-codec"]);
        Assert.False(table.Metadata.Properties.ContainsKey("n"));
        Assert.Equal([1], table.SortOrder.Fields.Select(f => f.SourceId));
    }

    [Fact]
    public async Task Schemas_and_tables_come_and_go()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();

        await session.RunLinesAsync("CREATE SCHEMA iceberg.mine");
        Assert.Equal(["Schema mine is there already."], await session.RunLinesAsync("CREATE NAMESPACE IF NOT EXISTS iceberg.mine"));
        await session.RunLinesAsync("CREATE TABLE iceberg.mine.t (a int)");
        await session.RunLinesAsync("INSERT INTO iceberg.mine.t VALUES (1)");
        await session.RunLinesAsync("ALTER TABLE iceberg.mine.t RENAME TO iceberg.mine.u");
        Assert.Equal(["1"], await session.LinesAsync("FROM iceberg.mine.u"));
        Assert.Equal("Namespace mine still holds tables or namespaces.", (await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync("DROP SCHEMA iceberg.mine"))).Message.Split('\n')[0]);
        await session.RunLinesAsync("DROP TABLE iceberg.mine.u PURGE");
        Assert.Equal(["There is no table mine.u."], await session.RunLinesAsync("DROP TABLE IF EXISTS iceberg.mine.u"));
        await session.RunLinesAsync("DROP SCHEMA iceberg.mine");
        Assert.Empty(lake.FilesOnDisk());
    }

    [Fact]
    public async Task Branches_and_tags_are_made_moved_and_dropped()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var first = (await lake.LoadAsync("gold.t")).CurrentSnapshot!.SnapshotId;

        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t CREATE TAG eoy RETAIN 365 DAYS");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t CREATE BRANCH audit AS OF VERSION " + first + " RETAIN 7 DAYS WITH SNAPSHOT RETENTION 2 SNAPSHOTS 12 HOURS");
        await session.RunLinesAsync("INSERT INTO iceberg.gold.t VALUES (2, NULL)");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t CREATE BRANCH IF NOT EXISTS audit");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t CREATE OR REPLACE TAG head");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t DROP TAG IF EXISTS nope");

        Assert.Equal(
            [$"audit|BRANCH|{first}|604800000|2|43200000", $"eoy|TAG|{first}|31536000000|null|null", "head|TAG"],
            (await session.LinesAsync("SELECT name, type, snapshot_id, max_reference_age_in_ms, min_snapshots_to_keep, max_snapshot_age_in_ms FROM iceberg.gold.\"t$refs\" WHERE name <> 'main' ORDER BY 1"))
                .Select(l => l.StartsWith("head", StringComparison.Ordinal) ? "head|TAG" : l));
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t DROP BRANCH audit");
        Assert.Equal("Table gold.t has no branch 'audit'.", (await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync("ALTER TABLE iceberg.gold.t DROP BRANCH audit"))).Message);
    }

    [Theory]
    [InlineData("CREATE TABLE iceberg.gold.t (a int)", "There is a table gold.t already.")]
    [InlineData("CREATE TABLE iceberg.gold.T (a int)", "There is a table gold.t already.")]
    [InlineData("CREATE TABLE iceberg.nowhere.t (a int)", null)]
    [InlineData("CREATE TABLE iceberg.gold.x (a int, A int)", "Line 1, column 37: column 'A' is defined twice.")]
    [InlineData("CREATE TABLE iceberg.gold.x (a money)", "Line 1, column 32: 'money' is no type of a column; expected boolean, int, bigint, float, double, decimal(p, s), date, time, timestamp, timestamp with time zone, varchar, uuid, varbinary, struct, array or map.")]
    [InlineData("CREATE TABLE iceberg.gold.x (a int) WITH (partitioning = ARRAY['b'])", "There is no column 'b'; there are a.")]
    [InlineData("CREATE TABLE iceberg.gold.x (a int) WITH (colour = 'red')", "Line 1, column 43: property 'colour' is not known; expected partitioning, sorted_by, location, format, format_version, compression_codec, extra_properties or a quoted name with dots such as \"write.target-file-size-bytes\".")]
    [InlineData("CREATE TABLE iceberg.gold.x (a int) USING delta", "Line 1, column 43: found delta; expected iceberg.")]
    [InlineData("CREATE TABLE iceberg.gold.x AS SELECT INTERVAL 1 DAY AS i", "Column 'i' of the query has the type INTERVAL, which Iceberg tables do not have; cast it.")]
    [InlineData("CREATE VIEW v AS SELECT 1", "Line 1, column 8: found VIEW; expected TABLE or SCHEMA.")]
    [InlineData("ALTER TABLE iceberg.gold.t ADD COLUMN a int", "Table gold.t has a column 'a' already.")]
    [InlineData("ALTER TABLE iceberg.gold.t DROP COLUMN nope", "There is no column 'nope'; there are a, b, b.x.")]
    [InlineData("ALTER TABLE iceberg.gold.t ALTER COLUMN a TYPE string", "Column 'a' of type int cannot become string.")]
    [InlineData("ALTER TABLE iceberg.gold.t ALTER COLUMN a SET NOT NULL", null)]
    [InlineData("ALTER TABLE iceberg.gold.t ADD PARTITION FIELD days(a)", null)]
    [InlineData("ALTER TABLE iceberg.gold.t DROP PARTITION FIELD a", "Table gold.t has no partition field a; it has none.")]
    [InlineData("ALTER TABLE iceberg.gold.t FLY", "Line 1, column 28: found FLY; expected ADD, DROP, RENAME, ALTER COLUMN, SET, UNSET, REPLACE, WRITE, CREATE or EXECUTE.")]
    [InlineData("ALTER TABLE iceberg.gold.t EXECUTE fly", "There is no procedure fly to execute on a table; expected optimize, optimize_manifests, expire_snapshots, remove_orphan_files or rollback_to_snapshot.")]
    [InlineData("ALTER TABLE iceberg.gold.t UNSET TBLPROPERTIES ('nope')", "Table gold.t has no property 'nope'.")]
    [InlineData("ALTER TABLE iceberg.gold.t DROP BRANCH main", "The main branch of gold.t cannot be dropped.")]
    [InlineData("DROP TABLE iceberg.gold.u", "There is no table iceberg.gold.u.\nDid you mean \"iceberg.gold.t\"?")]
    [InlineData("GRANT ALL ON x TO y", "Line 1, column 1: found GRANT; expected SELECT, INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP, TRUNCATE or CALL.")]
    [InlineData("COPY iceberg.gold.t TO 'x'", "Line 1, column 1: found COPY; expected SELECT, INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP, TRUNCATE or CALL.")]
    public async Task What_cannot_be_done_is_said_and_changes_nothing(string sql, string? message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var before = (await lake.LoadAsync("gold.t")).MetadataLocation;

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(sql));

        Assert.Equal(message ?? error.Message, error.Message);
        Assert.Equal(before, (await lake.LoadAsync("gold.t")).MetadataLocation);
    }

    private static async Task<ISqlSession> StartAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("CREATE TABLE iceberg.gold.t (a int, b struct(x int))");
        await session.RunLinesAsync("INSERT INTO iceberg.gold.t VALUES (1, {'x': 1})");
        return session;
    }

    private static string Text(NestedField field) =>
        $"{field.Id} {field.Name} {Text(field.Type)}{(field.Required ? " required" : "")}{(field.Doc is null ? "" : $" '{field.Doc}'")}";

    private static string Text(IcebergType type) => type switch
    {
        StructType s => $"struct<{string.Join(", ", s.Fields.Select(f => $"{f.Name} {Text(f.Type)}"))}>",
        ListType l => $"list<{Text(l.Element)}>",
        MapType m => $"map<{Text(m.Key)}, {Text(m.Value)}>",
        _ => type.ToString(),
    };

    private static string Plain(object? value) => value switch
    {
        null => "null",
        Dictionary<string, object?> fields => $"{{{string.Join(", ", fields.Select(f => $"{f.Key}={Plain(f.Value)}"))}}}",
        _ => value.ToString()!,
    };
}
