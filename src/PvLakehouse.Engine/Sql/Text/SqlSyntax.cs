using System.Globalization;

namespace PvLakehouse.Engine.Sql.Text;

/// <summary>Errors of SQL text, with the place where it stops being understood.</summary>
internal static class SqlSyntax
{
    /// <summary>A sentence that begins with line and column, both from 1.</summary>
    public static SqlEngineException Error(string sql, int position, string sentence)
    {
        var before = sql.AsSpan(0, Math.Min(position, sql.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return new SqlEngineException(string.Create(CultureInfo.InvariantCulture, $"Line {line}, column {column}: {sentence}"));
    }

    /// <summary>What was found and what was expected instead.</summary>
    public static SqlEngineException Unexpected(string sql, SqlToken found, string expected) => Error(sql, found.Start, found.Kind switch
    {
        SqlTokenKind.End => $"the statement ends here; expected {expected}.",
        SqlTokenKind.Text => $"found the text '{Shortened(found.Value)}'; expected {expected}.",
        _ => $"found {Shortened(found.Kind == SqlTokenKind.QuotedName ? $"\"{found.Value}\"" : found.Value)}; expected {expected}.",
    });

    private static string Shortened(string text) => text.Length <= 40 ? text : $"{text[..37]}...";
}
