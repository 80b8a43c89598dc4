using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql;

/// <summary>Several statements in one text, separated by semicolons.</summary>
public static class SqlScript
{
    private static readonly string[] Reading =
    [
        "SELECT", "WITH", "FROM", "VALUES", "TABLE", "DESCRIBE", "DESC", "SHOW", "SUMMARIZE", "EXPLAIN", "PIVOT", "UNPIVOT",
        "PIVOT_WIDER", "PIVOT_LONGER",
    ];

    /// <summary>The statements in order, without their semicolons; empty ones are left out.</summary>
    /// <exception cref="SqlEngineException">A quotation or a comment is not closed.</exception>
    public static IReadOnlyList<string> Split(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var statements = new List<string>();
        int? start = null;
        foreach (var token in SqlTokenizer.Tokenize(sql))
        {
            if (token.Kind != SqlTokenKind.End && !token.Is(";"))
            {
                start ??= token.Start;
            }
            else if (start is { } from)
            {
                statements.Add(sql[from..token.Start].TrimEnd());
                start = null;
            }
        }

        return statements;
    }

    /// <summary>Whether a statement may change a table or the catalog; false only for statements that certainly read.</summary>
    /// <exception cref="SqlEngineException">A quotation or a comment is not closed.</exception>
    public static bool Writes(string statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var first = SqlTokenizer.Tokenize(statement).FirstOrDefault(t => !t.Is("("));
        return !Reading.Any(first.Is);
    }
}
