using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Which part of a WHERE or ON becomes a filter on files. The expected texts are written by hand from SQL's semantics.</summary>
public sealed class FilterExtractionTests
{
    private static readonly Schema Columns = new(
    [
        NestedField.Optional(1, "id", IcebergType.Long),
        NestedField.Optional(2, "name", IcebergType.String),
        NestedField.Optional(3, "ts", IcebergType.TimestampTz),
        NestedField.Optional(4, "d", IcebergType.Date),
        NestedField.Optional(5, "v", IcebergType.Double),
        NestedField.Optional(6, "m", IcebergType.Decimal(9, 2)),
        NestedField.Optional(7, "ok", IcebergType.Boolean),
        NestedField.Optional(8, "wall", IcebergType.Timestamp),
    ]);

    [Theory]
    [InlineData("id = 5", "id Equal [5]")]
    [InlineData("5 < id", "id GreaterThan [5]")]
    [InlineData("ID >= -3", "id GreaterThanOrEqual [-3]")]
    [InlineData("t.id <= 5 AND name = 'a'", "(id LessThanOrEqual [5] and name Equal [a])")]
    [InlineData("iceberg.gold.t.id < 5", "true")] // The text mentions the table more often than the tree refers to it.
    [InlineData("id BETWEEN 1 AND 3", "(id GreaterThanOrEqual [1] and id LessThanOrEqual [3])")]
    [InlineData("name IN ('a', 'b')", "name In [a, b]")]
    [InlineData("id = 1 OR id = 2", "(id Equal [1] or id Equal [2])")]
    [InlineData("id = 1 OR upper(name) = 'B'", "true")]
    [InlineData("(id = 1 AND v > random()) OR id = 2", "(id Equal [1] or id Equal [2])")]
    [InlineData("NOT id = 1", "true")]
    [InlineData("id <> 1", "true")]
    [InlineData("id = NULL", "true")]
    [InlineData("id IS NOT NULL", "id NotNull []")]
    [InlineData("id IS NULL", "id IsNull []")]
    [InlineData("id IS NOT DISTINCT FROM 4", "id Equal [4]")]
    [InlineData("name LIKE 'ab%'", "name StartsWith [ab]")]
    [InlineData("name LIKE 'a_b%'", "name StartsWith [a]")]
    [InlineData("name LIKE '%b'", "true")]
    [InlineData("name NOT LIKE 'a%'", "true")]
    [InlineData("ts >= TIMESTAMPTZ '2024-01-02 03:04:05+10'", "ts GreaterThanOrEqual [2024-01-01T17:04:05+00:00]")]
    [InlineData("ts >= '2024-01-02'", "ts GreaterThanOrEqual [2024-01-02T00:00:00+00:00]")]
    [InlineData("ts < DATE '2024-01-02'", "ts LessThan [2024-01-02T00:00:00+00:00]")]
    [InlineData("ts < TIMESTAMP '2024-01-02 00:00:00.5'", "ts LessThan [2024-01-02T00:00:00.500000+00:00]")]
    [InlineData("ts < TIMESTAMP '2024-01-02 00:00:00' + INTERVAL 1 DAY", "true")]
    [InlineData("date_trunc('day', ts) = DATE '2024-01-02'", "true")]
    [InlineData("wall = '2024-01-02T03:04:05'", "wall Equal [2024-01-02T03:04:05]")]
    [InlineData("wall = '2024-01-02 03:04:05+10'", "true")]
    [InlineData("d = '2024-01-02'", "d Equal [2024-01-02]")]
    [InlineData("d = TIMESTAMP '2024-01-02 00:00:00'", "d Equal [2024-01-02]")]
    [InlineData("d < TIMESTAMP '2024-01-02 00:00:01'", "true")]
    [InlineData("d = '2 January 2024'", "true")]
    [InlineData("id = 1.5", "true")]
    [InlineData("id = 2.0", "id Equal [2]")]
    [InlineData("id = '5'", "true")]
    [InlineData("v > 0.5", "v GreaterThan [0.5]")]
    [InlineData("v > 0.1", "true")] // 0.1 is no double; whether the cast rounds up or down must not matter.
    [InlineData("v > 1e-1", "v GreaterThan [0.1]")]
    [InlineData("m = 1.5", "m Equal [1.50]")]
    [InlineData("m = 1.555", "true")]
    [InlineData("ok = true", "ok Equal [true]")]
    [InlineData("nosuch = 1", "true")]
    public async Task A_condition_on_one_table_selects_at_least_its_rows(string condition, string expected) =>
        Assert.Equal(expected, await FilterAsync($"SELECT * FROM iceberg.gold.t WHERE {condition}"));

    [Theory]
    [InlineData("SELECT * FROM iceberg.gold.t a JOIN other b ON a.id = b.id WHERE a.id = 5", "id Equal [5]")]
    [InlineData("SELECT * FROM iceberg.gold.t a JOIN other b ON a.id = b.id WHERE b.id = 5", "true")]
    [InlineData("SELECT * FROM iceberg.gold.t a JOIN other b ON a.id = b.k AND a.id < 3", "id LessThan [3]")]
    [InlineData("SELECT * FROM iceberg.gold.t a LEFT JOIN other b ON a.id = b.k AND a.id < 3", "true")]
    [InlineData("SELECT * FROM other b LEFT JOIN iceberg.gold.t a ON a.id = b.k AND a.id < 3", "id LessThan [3]")]
    [InlineData("SELECT * FROM other b LEFT JOIN iceberg.gold.t a ON a.id = b.k WHERE a.id < 3", "id LessThan [3]")]
    [InlineData("SELECT * FROM other b LEFT JOIN iceberg.gold.t a ON a.id = b.k WHERE a.id IS NULL", "true")]
    [InlineData("SELECT * FROM other b FULL JOIN iceberg.gold.t a ON a.id = b.k AND a.id < 3", "true")]
    [InlineData("SELECT * FROM iceberg.gold.t a, other b WHERE a.id = b.k AND name = 'x'", "name Equal [x]")]
    [InlineData("SELECT * FROM iceberg.gold.t a JOIN other b USING (id) WHERE id = 5", "true")]
    [InlineData("SELECT * FROM other b ASOF JOIN iceberg.gold.t a ON b.x >= a.ts WHERE a.id = 5", "true")]
    [InlineData("SELECT * FROM other b POSITIONAL JOIN iceberg.gold.t a WHERE a.id = 5", "true")]
    [InlineData("SELECT * FROM other b WHERE b.k IN (SELECT id FROM iceberg.gold.t WHERE id > 7)", "id GreaterThan [7]")]
    [InlineData("SELECT * FROM other a WHERE EXISTS (SELECT 1 FROM iceberg.gold.t x WHERE a.id = 5)", "true")]
    [InlineData("WITH c AS (SELECT * FROM iceberg.gold.t WHERE id = 1) SELECT * FROM c WHERE id = 2", "id Equal [1]")]
    [InlineData("SELECT * FROM iceberg.gold.t WHERE id = 1 UNION ALL SELECT * FROM iceberg.gold.t WHERE id = 2", "(id Equal [1] or id Equal [2])")]
    [InlineData("SELECT * FROM iceberg.gold.t WHERE id = 1 UNION ALL SELECT * FROM iceberg.gold.t", "true")]
    [InlineData("SELECT * FROM iceberg.gold.t TABLESAMPLE 10% WHERE id = 1", "true")]
    [InlineData("SELECT * FROM iceberg.gold.t x(a, id) WHERE id = 1", "true")]
    [InlineData("SELECT count(*) FILTER (id = 1) FROM iceberg.gold.t", "true")]
    [InlineData("SELECT id, count(*) FROM iceberg.gold.t GROUP BY id HAVING id = 1", "true")]
    [InlineData("SELECT * FROM query('SELECT * FROM iceberg.gold.t') WHERE (SELECT max(id) FROM iceberg.gold.t WHERE id = 3) = 1", "true")]
    [InlineData("FROM \"iceberg\".\"GOLD\".\"T\" WHERE id = 1", "id Equal [1]")]
    public async Task Other_tables_and_joins_decide_what_may_be_pruned(string sql, string expected) =>
        Assert.Equal(expected, await FilterAsync(sql));

    [Fact]
    public async Task Parameters_prune_like_constants()
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["from"] = new DateTimeOffset(2024, 1, 1, 10, 0, 0, TimeSpan.FromHours(10)),
            ["name"] = null,
        };
        Assert.Equal(
            "ts GreaterThanOrEqual [2024-01-01T00:00:00+00:00]",
            await FilterAsync("SELECT * FROM iceberg.gold.t WHERE ts >= $from AND name = $name", parameters));
    }

    private static async Task<string> FilterAsync(string sql, Dictionary<string, object?>? parameters = null)
    {
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var statement = await SqlStatement.ParseAsync(sql, new DuckDbStatements(connection), TestContext.Current.CancellationToken);
        var table = new TableMention("gold", "t");
        var references = TableReferences.In(statement.Tree!.Value, m => m.IsSame(table) ? Columns : null, parameters ?? [])
            .Where(r => r.Mention.IsSame(table)).ToList();
        return IcebergViews.FilterOf(references, [.. TableMention.In(sql).Where(m => m.IsSame(table))]).ToString();
    }
}
