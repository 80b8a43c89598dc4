using System.Text;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Quoting of names and texts, the only way they get into SQL.</summary>
internal static class SqlText
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string List(IEnumerable<string> parts) => string.Join(", ", parts);

    /// <summary>A SELECT of a user as a subquery: without its semicolon, and safe against a comment at its end.</summary>
    public static string Subquery(string select) => $"({WithoutSemicolon(select)}\n)";

    public static string WithoutSemicolon(string sql) => sql.AsSpan().TrimEnd().TrimEnd(';').TrimEnd().ToString();

    /// <summary>Leading white space and comments removed.</summary>
    public static string WithoutLeadingComments(string sql)
    {
        var rest = sql.AsSpan().TrimStart();
        while (true)
        {
            if (rest.StartsWith("--"))
            {
                var end = rest.IndexOf('\n');
                rest = end < 0 ? [] : rest[(end + 1)..].TrimStart();
            }
            else if (rest.StartsWith("/*") && rest.IndexOf("*/") is > 0 and var close)
            {
                rest = rest[(close + 2)..].TrimStart();
            }
            else
            {
                return rest.ToString();
            }
        }
    }

    /// <summary>The first word in capitals; empty when the text begins otherwise.</summary>
    public static string FirstWord(string sql)
    {
        var word = new StringBuilder();
        foreach (var c in sql.TakeWhile(char.IsAsciiLetter))
        {
            word.Append(char.ToUpperInvariant(c));
        }

        return word.ToString();
    }
}
