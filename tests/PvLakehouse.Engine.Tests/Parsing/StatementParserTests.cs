using CsCheck;
using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.TimeTravel;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests.Parsing;

/// <summary>What statements are understood as, and that nothing else comes of noise than an error with a place.</summary>
public sealed class StatementParserTests
{
    private static readonly TableName Table = new(["iceberg", "s", "t"]);
    private static readonly Target Target = new(Table, null, null);
    private static readonly TableLayout Plain = new([], [], null, new Dictionary<string, string>(StringComparer.Ordinal));

    private static readonly string[] Valid =
    [
        "INSERT OVERWRITE TABLE iceberg.s.t (a, b) SELECT 1, 'x'",
        "INSERT INTO iceberg.s.t BY NAME VALUES (1, $p) -- end",
        "DELETE FROM iceberg.s.t AS x WHERE x.a IS DISTINCT FROM 1",
        "UPDATE iceberg.s.t FOR VERSION AS OF 'b' SET a = CASE WHEN b THEN 1 END, c = [1, 2] FROM u WHERE \"t\".a = u.a",
        "MERGE INTO iceberg.s.t USING (SELECT 1 AS k) s ON a = k WHEN MATCHED AND b > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT (a) VALUES (k)",
        "CREATE TABLE iceberg.s.t (a int NOT NULL COMMENT 'c', b struct<x: int>, m map<string, int>) USING iceberg PARTITIONED BY (days(ts), bucket(4, a)) TBLPROPERTIES ('k' = 'v')",
        "CREATE OR REPLACE TABLE iceberg.s.t WITH (partitioning = ARRAY['day(ts)'], sorted_by = ARRAY['a DESC']) AS SELECT 1 AS a",
        "CREATE SCHEMA IF NOT EXISTS iceberg.s COMMENT 'x'",
        "DROP TABLE IF EXISTS iceberg.s.t PURGE",
        "ALTER TABLE iceberg.s.t ADD COLUMNS (a int FIRST, b decimal(10, 2) AFTER a)",
        "ALTER TABLE iceberg.s.t SET PROPERTIES partitioning = DEFAULT, \"x.y\" = 1.5",
        "ALTER TABLE iceberg.s.t CREATE OR REPLACE TAG v AS OF VERSION 5 RETAIN 3 DAYS",
        "ALTER TABLE iceberg.s.t WRITE ORDERED BY a DESC NULLS LAST, bucket(4, b)",
        "ALTER TABLE iceberg.s.t EXECUTE optimize(file_size_threshold => '10MB') WHERE a > 1",
        "CALL iceberg.system.expire_snapshots(table => 's.t', older_than => TIMESTAMP '2026-01-01 00:00:00', snapshot_ids => ARRAY[1, 2])",
        "TRUNCATE TABLE iceberg.s.t /* all /* of */ it */",
        "SELECT * FROM iceberg.s.t FOR TIMESTAMP AS OF TIMESTAMP '2026-01-01' a JOIN iceberg.s.t.branch_b ON $$x$$ = E'\\n'",
    ];

    private static readonly Gen<string> Noise = Gen.Select(
        Gen.Int[0, Valid.Length - 1],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 200], Gen.Int[0, 200], Gen.OneOf(
            Gen.Const("("), Gen.Const(")"), Gen.Const("'"), Gen.Const("\""), Gen.Const("$"), Gen.Const("."), Gen.Const(","), Gen.Const("/*"), Gen.Const("]"), Gen.Const("END "),
            Gen.Const("99999999999999999999"), Gen.Const("\\"), Gen.Const(" NOT "), Gen.Const(" AS OF "), Gen.String[0, 4])).Array[1, 4],
        (start, changes) => changes.Aggregate(Valid[start], (sql, c) => Change(sql, c.Item1, c.Item2 % (sql.Length + 1), c.Item3 % (sql.Length + 1), c.Item4)));

    [Fact]
    public void Statements_that_change_rows()
    {
        Is("INSERT INTO iceberg.s.t VALUES (1)", new InsertStatement(Target, null, false, false, "VALUES (1)"));
        Is("insert overwrite iceberg.s.t (a, \"B c\") SELECT 1, 2", new InsertStatement(Target, ["a", "B c"], false, true, "SELECT 1, 2"));
        Is("INSERT INTO iceberg.s.t BY NAME FROM u", new InsertStatement(Target, null, true, false, "FROM u"));
        Partition(
            "INSERT OVERWRITE iceberg.s.t PARTITION (day = date_trunc('day', now()), \"b c\" = NULL, r) (x) SELECT 1",
            new("day", "date_trunc('day', now())"), new("b c", "NULL"), new("r", null));
        Is("DELETE FROM iceberg.s.t", new DeleteStatement(Target, null));
        Is("TRUNCATE TABLE iceberg.s.t;", new DeleteStatement(Target, null));
        Is("DELETE FROM iceberg.s.t x WHERE (a = 1) OR b", new DeleteStatement(Target with { Alias = "x" }, "(a = 1) OR b"));
        Is("DELETE FROM iceberg.s.t.branch_b WHERE a", new DeleteStatement(Target with { Branch = "b" }, "a"));
        Is("UPDATE iceberg.s.t SET a = 1, t.b = f(2, 3) FROM u, v WHERE c",
            new UpdateStatement(Target, [new Assignment("a", "1"), new Assignment("b", "f(2, 3)")], "u, v", "c"));
        Is("""
            MERGE INTO iceberg.s.t AS t USING (SELECT 1) AS s (k) ON t.a = s.k
            WHEN MATCHED AND b THEN DELETE WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT (a) VALUES (k)
            WHEN NOT MATCHED BY SOURCE THEN DO NOTHING
            """,
            new MergeStatement(Target with { Alias = "t" }, new MergeSourceText("(SELECT 1)", "s", ["k"]), "t.a = s.k",
            [
                new MergeClause(MergeCase.Matched, "b", new MergeAction.Delete()), new MergeClause(MergeCase.Matched, null, new MergeAction.Update(null)),
                new MergeClause(MergeCase.NotMatched, null, new MergeAction.Insert(["a"], ["k"])),
                new MergeClause(MergeCase.NotMatchedBySource, null, new MergeAction.Nothing()),
            ]));
    }

    [Fact]
    public void Statements_that_change_what_there_is()
    {
        Is("CREATE OR REPLACE TABLE iceberg.s.t AS SELECT 1", new CreateTableStatement(Table, true, false, [], Plain, "SELECT 1"));
        Is("CREATE TABLE IF NOT EXISTS iceberg.s.t (a bigint NOT NULL COMMENT 'c')",
            new CreateTableStatement(Table, false, true, [new ColumnDefinition(["a"], IcebergType.Long, true, "c")], Plain, null));
        Is("DROP TABLE IF EXISTS iceberg.s.t PURGE", new DropTableStatement(Table, true, true));
        Is("DROP SCHEMA iceberg.s", new DropSchemaStatement(new TableName(["iceberg", "s"]), false));
        Is("ALTER TABLE IF EXISTS iceberg.s.t RENAME COLUMN a.b TO c", new AlterTableStatement(Table, true, new AlterAction.RenameColumn(["a", "b"], "c")));
        Is("ALTER TABLE iceberg.s.t DROP PARTITION FIELD bucket(4, a)",
            new AlterTableStatement(Table, false, new AlterAction.DropPartitionField(new Term("a", Transform.Bucket(4)), null)));
        Is("ALTER TABLE iceberg.s.t WRITE ORDERED BY a DESC, b NULLS LAST", new AlterTableStatement(Table, false, new AlterAction.SetOrder(
            [new SortKey(new Term("a", Transform.Identity), true, false), new SortKey(new Term("b", Transform.Identity), false, false)])));
        Is("CALL system.Ancestors_Of(table => 's.t', snapshot_id => 5)",
            new CallStatement("ancestors_of", [new Argument("table", "'s.t'"), new Argument("snapshot_id", "5")]));
    }

    [Theory]
    [InlineData("DELETE iceberg.s.t", "Line 1, column 8: found iceberg; expected FROM.")]
    [InlineData("UPDATE iceberg.s.t\n  SET a 1", "Line 2, column 9: found 1; expected '='.")]
    [InlineData("UPDATE iceberg.s.t SET a = 1, A = 2", "Line 1, column 31: column 'A' is set twice.")]
    [InlineData("DELETE FROM iceberg.s.t WHERE (a = 1", "Line 1, column 31: ( has no counterpart; expected ).")]
    [InlineData("DELETE FROM iceberg.s.t WHERE a = 'x", "Line 1, column 35: a string begins here and has no end; expected '.")]
    [InlineData("/* a\n /* b */\nDELETE", "Line 1, column 1: a comment begins here and has no end; expected */.")]
    [InlineData("CREATE OR REPLACE TABLE IF NOT EXISTS iceberg.s.t (a int)", "Line 1, column 25: IF NOT EXISTS has no meaning after OR REPLACE; leave out one of them.")]
    [InlineData("CREATE OR REPLACE SCHEMA iceberg.s", "Line 1, column 19: found SCHEMA; expected TABLE.")]
    public void Errors_say_where(string sql, string message) =>
        Assert.Equal(message, Assert.Throws<SqlEngineException>(() => StatementParser.Parse(sql)).Message);

    [Fact]
    public void All_statements_that_noise_is_made_of_are_valid()
    {
        foreach (var sql in Valid[..^1])
        {
            _ = StatementParser.Parse(sql);
        }

        Assert.Equal(2, TravelRewriter.Rewrite(Valid[^1], "iceberg", _ => false).References.Count);
    }

    [Fact]
    public void Noise_is_parsed_or_refused() => Noise.Sample(
        sql =>
        {
            Refused(() => StatementParser.Parse(sql));
            Refused(() => TravelRewriter.Rewrite(sql, "iceberg", name => name is "snapshots"));
        },
        iter: 20000);

    private static void Refused(Action parse)
    {
        try
        {
            parse();
        }
        catch (SqlEngineException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    private static string Change(string sql, int kind, int from, int to, string text)
    {
        var (start, end) = (Math.Min(from, to), Math.Max(from, to));
        return kind switch
        {
            0 => sql.Remove(start, Math.Min(end - start, 12)),
            1 => sql[..start],
            2 => sql[..end] + sql[start..end] + sql[end..],
            3 => sql[..start] + sql[end..] + sql[start..end],
            _ => sql.Insert(start, text),
        };
    }

    private static void Partition(string sql, params PartitionTerm[] terms) =>
        Assert.Equal(terms, Assert.IsType<InsertStatement>(StatementParser.Parse(sql)).Partition);

    private static void Is(string sql, Statement expected)
    {
        var actual = StatementParser.Parse(sql);
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equivalent(expected, actual, strict: true);
    }
}
