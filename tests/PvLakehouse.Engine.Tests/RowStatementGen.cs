using CsCheck;

namespace PvLakehouse.Engine.Tests;

/// <summary>
/// Random statements that change rows of a table with the columns <c>id INTEGER, g VARCHAR, v DOUBLE</c>. They call it
/// <c>TABLE_HERE</c>, so that the same statement can run on a table of the lake and on one of DuckDB's own.
/// </summary>
internal static class RowStatementGen
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

    /// <summary>INSERT of a few rows.</summary>
    public static readonly Gen<string> Insert = Row.Array[1, 6].Select(rows =>
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

    /// <summary>Any of them, and now and then another column.</summary>
    public static readonly Gen<string> Statement = Gen.Frequency((3, Insert), (2, Delete), (2, Update), (3, Merge), (1, Alter));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
