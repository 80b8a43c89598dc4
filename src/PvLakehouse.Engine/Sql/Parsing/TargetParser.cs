using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Names of tables in statements.</summary>
internal static class TargetParser
{
    public static TableName Table(TokenReader reader) => new(reader.Path("the name of a table"));

    /// <summary>A table with an optional branch and alias.</summary>
    /// <param name="reader">The statement.</param>
    /// <param name="keywords">Words that may follow and are no alias.</param>
    public static Target Target(TokenReader reader, params ReadOnlySpan<string> keywords)
    {
        var table = Table(reader);
        string? branch = null;
        if (reader.Take("FOR", "VERSION", "AS", "OF"))
        {
            branch = reader.Text("the name of a branch in quotes");
        }
        else if (table.Parts.Count > 3 && table.Parts[^1].StartsWith("branch_", StringComparison.Ordinal))
        {
            // Spark's spelling: catalog.namespace.table.branch_audit.
            branch = table.Parts[^1]["branch_".Length..];
            table = new TableName([.. table.Parts.Take(table.Parts.Count - 1)]);
        }

        return new Target(table, branch, Alias(reader, keywords));
    }

    /// <summary>An alias, with or without AS; null when there is none.</summary>
    public static string? Alias(TokenReader reader, params ReadOnlySpan<string> keywords)
    {
        if (reader.Take("AS"))
        {
            return reader.Name("an alias");
        }

        if (reader.Current.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
        {
            return null;
        }

        foreach (var keyword in keywords)
        {
            if (reader.At(keyword))
            {
                return null;
            }
        }

        return reader.Any().Value;
    }
}
