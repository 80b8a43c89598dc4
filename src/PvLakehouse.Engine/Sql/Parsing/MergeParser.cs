using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>MERGE INTO, with the extensions of Spark: UPDATE SET *, INSERT * and WHEN NOT MATCHED BY SOURCE.</summary>
internal static class MergeParser
{
    /// <summary>Behind MERGE.</summary>
    public static MergeStatement Parse(TokenReader reader)
    {
        reader.Expect("INTO");
        var target = TargetParser.Target(reader, "USING");
        reader.Expect("USING");
        var source = Source(reader);
        reader.Expect("ON");
        var on = reader.Source("a condition", "WHEN");
        var clauses = new List<MergeClause>();
        while (reader.Take("WHEN"))
        {
            clauses.Add(Clause(reader, target.Name));
        }

        if (clauses.Count == 0)
        {
            throw reader.Unexpected("WHEN MATCHED or WHEN NOT MATCHED");
        }

        reader.End("WHEN");
        return new MergeStatement(target, source, on, clauses);
    }

    /// <summary>A table, a table function or a query in parentheses, and the name by which expressions call it.</summary>
    private static MergeSourceText Source(TokenReader reader)
    {
        var group = reader.At("(");
        var path = group ? [] : reader.Path("a table or a query in parentheses");
        var text = group ? reader.Group() : string.Join('.', path.Select(Quoted));
        if (!group && reader.At("("))
        {
            text += reader.Group();
        }

        var alias = TargetParser.Alias(reader, "ON", "FOR") ?? (group ? throw reader.Unexpected("an alias for the query") : path[^1]);
        var columns = reader.At("(") ? reader.Names("a column") : null;
        return new MergeSourceText(text, alias, columns);
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static MergeClause Clause(TokenReader reader, string target)
    {
        var kind = MergeCase.Matched;
        if (reader.Take("NOT"))
        {
            reader.Expect("MATCHED");
            kind = reader.Take("BY", "SOURCE") ? MergeCase.NotMatchedBySource : MergeCase.NotMatched;
            _ = kind == MergeCase.NotMatched && reader.Take("BY", "TARGET");
        }
        else
        {
            reader.Expect("MATCHED");
        }

        var condition = reader.Take("AND") ? reader.Source("a condition", "THEN") : null;
        reader.Expect("THEN");
        return new MergeClause(kind, condition, kind == MergeCase.NotMatched ? Insertion(reader) : Change(reader, target, kind));
    }

    private static MergeAction Insertion(TokenReader reader)
    {
        if (reader.Take("DO", "NOTHING"))
        {
            return new MergeAction.Nothing();
        }

        reader.Expect("INSERT");
        if (reader.Take("*"))
        {
            return new MergeAction.Insert(null, null);
        }

        var columns = reader.At("(") ? reader.Names("a column") : null;
        var at = reader.Current;
        reader.Expect("VALUES", "(");
        var values = new List<string>();
        do
        {
            RowStatementParser.RefuseDefault(reader);
            values.Add(reader.Source("a value", ","));
        }
        while (reader.Take(","));
        reader.Expect(")");
        if (columns is not null && columns.Count != values.Count)
        {
            throw SqlSyntax.Error(reader.Sql, at.Start, $"INSERT names {columns.Count} columns but has {values.Count} values.");
        }

        return new MergeAction.Insert(columns, values);
    }

    private static MergeAction Change(TokenReader reader, string target, MergeCase kind)
    {
        if (reader.Take("DO", "NOTHING"))
        {
            return new MergeAction.Nothing();
        }

        if (reader.Take("DELETE"))
        {
            return new MergeAction.Delete();
        }

        if (!reader.Take("UPDATE"))
        {
            throw reader.Unexpected("UPDATE or DELETE");
        }

        reader.Expect("SET");
        if (kind == MergeCase.Matched && reader.Take("*"))
        {
            return new MergeAction.Update(null);
        }

        return new MergeAction.Update(RowStatementParser.Assignments(reader, target, "WHEN"));
    }
}
