using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>INSERT, DELETE and UPDATE.</summary>
internal static class RowStatementParser
{
    private static readonly string[] QueryStarts = ["SELECT", "VALUES", "WITH", "FROM", "TABLE", "("];

    /// <summary>Behind INSERT.</summary>
    public static InsertStatement Insert(TokenReader reader)
    {
        var overwrite = reader.Take("OVERWRITE");
        if (overwrite)
        {
            // Spark allows INSERT OVERWRITE [TABLE] t.
            _ = reader.Take("INTO") || reader.Take("TABLE");
        }
        else
        {
            reader.Expect("INTO");
            _ = reader.Take("TABLE");
        }

        var target = TargetParser.Target(reader, [.. QueryStarts, "BY", "PARTITION", "DEFAULT"]);
        var partition = reader.Take("PARTITION") ? PartitionTerms(reader) : [];
        var byName = reader.Take("BY", "NAME");
        if (!byName && reader.Take("BY", "POSITION"))
        {
            byName = false;
        }

        // A parenthesis begins a list of columns unless a query stands in it.
        var columns = reader.At("(") && !QueryStarts.Any(reader.Peek(1).Is) ? reader.Names("a column") : null;
        RefuseDefault(reader);
        if (!QueryStarts.Any(word => reader.At(word)))
        {
            throw reader.Unexpected("VALUES or SELECT");
        }

        if (reader.At("VALUES"))
        {
            CheckValues(reader);
        }

        return new InsertStatement(target, columns, byName, overwrite, reader.Rest("VALUES or SELECT")) { Partition = partition };
    }

    /// <summary>Behind DELETE.</summary>
    public static DeleteStatement Delete(TokenReader reader)
    {
        reader.Expect("FROM");
        var target = TargetParser.Target(reader, "WHERE", "USING");
        if (reader.At("USING"))
        {
            throw reader.Error(
                "DELETE ... USING is not supported; use WHERE ... IN (SELECT ...), WHERE EXISTS or MERGE INTO.");
        }

        var where = reader.Take("WHERE") ? reader.Source("a condition", "RETURNING") : null;
        reader.End("WHERE");
        return new DeleteStatement(target, where);
    }

    /// <summary>Behind UPDATE.</summary>
    public static UpdateStatement Update(TokenReader reader)
    {
        var target = TargetParser.Target(reader, "SET");
        reader.Expect("SET");
        var set = Assignments(reader, target.Name, "FROM", "WHERE", "RETURNING");
        var from = reader.Take("FROM") ? reader.Source("a table", "WHERE", "RETURNING") : null;
        var where = reader.Take("WHERE") ? reader.Source("a condition", "RETURNING") : null;
        reader.End(where is null ? "WHERE" : "");
        return new UpdateStatement(target, set, from, where);
    }

    /// <summary>Columns with their new values, separated by commas.</summary>
    /// <param name="reader">The statement.</param>
    /// <param name="target">The name by which the columns may be qualified.</param>
    /// <param name="ends">Words that end the list.</param>
    public static IReadOnlyList<Assignment> Assignments(
        TokenReader reader, string target, params ReadOnlySpan<string> ends)
    {
        var assignments = new List<Assignment>();
        do
        {
            var at = reader.Current;
            var path = reader.Path("a column");
            if (path.Count > 2 || (path.Count == 2 && !path[0].Equals(target, StringComparison.OrdinalIgnoreCase)))
            {
                throw SqlSyntax.Error(reader.Sql, at.Start,
                    $"'{string.Join('.', path)}' cannot be set; expected a column of {target} "
                    + "(fields inside a column are set by a new value of the whole column).");
            }

            if (assignments.Exists(a => a.Column.Equals(path[^1], StringComparison.OrdinalIgnoreCase)))
            {
                throw SqlSyntax.Error(reader.Sql, at.Start, $"column '{path[^1]}' is set twice.");
            }

            reader.Expect("=");
            RefuseDefault(reader);
            assignments.Add(new Assignment(path[^1], reader.Source("a value", [",", .. ends])));
        }
        while (reader.Take(","));
        return assignments;
    }

    /// <summary>Columns in parentheses, each alone or with a value.</summary>
    private static List<PartitionTerm> PartitionTerms(TokenReader reader)
    {
        reader.Expect("(");
        var terms = new List<PartitionTerm>();
        do
        {
            var column = reader.Name("a column");
            terms.Add(new PartitionTerm(column, reader.Take("=") ? reader.Source("a value", ",") : null));
        }
        while (reader.Take(","));
        reader.Expect(")");
        return reader.At("IF")
            ? throw reader.Error(
                "IF NOT EXISTS is not possible: tables of Iceberg get rows, whether their partition is there or not.")
            : terms;
    }

    /// <summary>
    /// DEFAULT in the place of a value: columns of version 2 have none, and to guess null would be silent.
    /// </summary>
    /// <exception cref="SqlEngineException">It comes next.</exception>
    public static void RefuseDefault(TokenReader reader, int distance = 0)
    {
        var token = reader.Peek(distance);
        if (token.Is("DEFAULT"))
        {
            throw SqlSyntax.Error(reader.Sql, token.Start,
                "DEFAULT is not possible: columns of Iceberg tables of version 2 have no default; "
                + "write NULL, or leave the column out.");
        }
    }

    /// <summary>Looks for DEFAULT behind each parenthesis and comma of VALUES, without reading them.</summary>
    private static void CheckValues(TokenReader reader)
    {
        for (var i = 1; reader.Peek(i).Kind != SqlTokenKind.End; i++)
        {
            if (reader.Peek(i).Is("(") || reader.Peek(i).Is(","))
            {
                RefuseDefault(reader, i + 1);
            }
        }
    }
}
