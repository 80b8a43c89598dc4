using CsCheck;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Any sequence of statements leaves the rows that it leaves in a table of DuckDB's own.</summary>
public sealed class RowStatementPropertyTests
{
    private static readonly Gen<string> Id = Gen.Int[0, 30].Select(i => FormattableString.Invariant($"{i}"));
    private static readonly Gen<string> Group = OneOf("'a'", "'b'", "'c'", "NULL");
    private static readonly Gen<string> Value = OneOf("0.5", "1", "2.25", "-3", "NULL", "'nan'::DOUBLE", "'-0.0'::DOUBLE");

    private static readonly Gen<string> Simple = Gen.OneOf(
        Id.Select(i => $"id < {i}"),
        Id.Select(i => $"id = {i}"),
        Gen.Select(Id, Id, (a, b) => $"id BETWEEN {a} AND {b}"),
        Group.Select(g => $"g = {g}"),
        OneOf("g IS NULL", "v IS NOT NULL", "NOT v > 1", "v > 1", "id % 3 = 1", "g IN ('a', 'c')", "g NOT IN ('a', NULL)"),
        Id.Select(i => $"id IN (SELECT id + 1 FROM TABLE_HERE WHERE id > {i})"),
        Id.Select(i => $"EXISTS (SELECT 1 FROM TABLE_HERE o WHERE o.id = t.id + 1 AND o.id < {i})"));

    private static readonly Gen<string> Condition = Gen.OneOf(
        Simple,
        Gen.Select(Simple, Simple, (a, b) => $"{a} AND {b}"),
        Gen.Select(Simple, Simple, (a, b) => $"({a} OR {b})"));

    private static readonly Gen<string> Row = Gen.Select(Id, Group, Value, (i, g, v) => $"({i}, {g}, {v})");

    private static readonly Gen<string> Insert = Row.Array[1, 6].Select(rows =>
        $"INSERT INTO TABLE_HERE (id, g, v) VALUES {string.Join(", ", rows)}");

    private static readonly Gen<string> Delete = Condition.Select(c => $"DELETE FROM TABLE_HERE AS t WHERE {c}");

    private static readonly Gen<string> Update = Gen.Select(
        OneOf("v = v + 1", "g = 'b'", "g = NULL, v = id", "id = id + 1, v = NULL", "v = (SELECT max(o.v) FROM TABLE_HERE o WHERE o.id = t.id)"),
        Condition,
        (set, c) => $"UPDATE TABLE_HERE AS t SET {set} WHERE {c}");

    private static readonly Gen<string> Merge = Gen.Select(
        Gen.Select(Id, Group, Value, (i, g, v) => (Id: i, Text: $"({i}, {g}::VARCHAR, {v}::DOUBLE)")).Array[1, 6],
        OneOf("t.id = s.id", "t.id = s.id AND t.v > 0", "s.id = t.id AND t.g = s.g"),
        OneOf(
            "", "WHEN MATCHED AND t.g = 'a' THEN DELETE", "WHEN MATCHED AND s.v IS NULL THEN UPDATE SET g = 'm'",
            "WHEN MATCHED THEN UPDATE SET v = s.v, g = coalesce(s.g, t.g)"),
        OneOf(
            "WHEN NOT MATCHED THEN INSERT (id, g, v) VALUES (s.id, s.g, s.v)", "WHEN NOT MATCHED AND s.g = 'b' THEN INSERT (id, v) VALUES (s.id + 100, s.v)",
            "WHEN NOT MATCHED BY SOURCE AND t.id > 20 THEN DELETE", "WHEN NOT MATCHED BY SOURCE AND t.g = 'c' THEN UPDATE SET v = 7"),
        (rows, on, first, second) =>
            $"MERGE INTO TABLE_HERE AS t USING (SELECT * FROM (VALUES {string.Join(", ", rows.DistinctBy(r => r.Id).Select(r => r.Text))}) x(id, g, v)) AS s ON {on} {first} {second}");

    private static readonly Gen<string> Alter = OneOf(
        "ALTER TABLE TABLE_HERE ADD COLUMN IF NOT EXISTS extra integer",
        "ALTER TABLE TABLE_HERE DROP COLUMN IF EXISTS extra");

    private static readonly Gen<string> Statement = Gen.Frequency((3, Insert), (2, Delete), (2, Update), (3, Merge), (1, Alter));

    [Fact]
    public Task Rows_are_those_of_a_plain_table() => Gen.Select(Gen.Int[0, 2], Insert, Statement.Array[4, 9]).SampleAsync(
        async (layout, first, statements) =>
        {
            await using var lake = await Lake.MakeAsync();
            var session = await lake.OpenAsync();
            await lake.CreateAsync(
                "silver.t",
                [("id", IcebergType.Int), ("g", IcebergType.String), ("v", IcebergType.Double)],
                s => layout switch
                {
                    0 => PartitionSpec.Unpartitioned,
                    1 => PartitionSpec.For(s).Identity("g").Build(),
                    _ => PartitionSpec.For(s).Truncate("id", 10).Build(),
                },
                sortedBy: layout == 1 ? ["id"] : null);
            await session.ExecuteAsync("CREATE TEMP TABLE plain (id INTEGER, g VARCHAR, v DOUBLE)", Lake.Cancel);
            foreach (var statement in statements.Prepend(first))
            {
                await session.RunLinesAsync(statement.Replace("TABLE_HERE", "iceberg.silver.t", StringComparison.Ordinal));
                await session.ExecuteAsync(statement.Replace("TABLE_HERE", "plain", StringComparison.Ordinal), Lake.Cancel);
                var different = await session.LinesAsync("""
                    (FROM iceberg.silver.t EXCEPT ALL FROM plain) UNION ALL (FROM plain EXCEPT ALL FROM iceberg.silver.t)
                    """);
                Assert.True(different.Length == 0, $"{statement}\nleaves other rows: {string.Join("; ", different)}");
            }
        },
        iter: 15, threads: 1);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
