using System.Globalization;
using System.Text;

namespace PvLakehouse.Pipeline.Documentation;

/// <summary>The pages on tables: one for each, and an index.</summary>
public static class TableMarkdown
{
    private const string Notice = "<!-- Made from the contracts by `pvlake tables describe --markdown docs/tables`; edits are lost. -->";

    /// <summary>All pages by file name.</summary>
    public static IReadOnlyDictionary<string, string> Pages(IReadOnlyList<TableDescription> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var pages = tables.ToDictionary(table => $"{table.Table}.md", Page, StringComparer.Ordinal);
        pages["README.md"] = Index(tables);
        return pages;
    }

    /// <summary>The page of one table.</summary>
    public static string Page(TableDescription table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var page = new StringBuilder();
        Line(page, Notice);
        Line(page, $"# {table.Table}");
        Line(page, "");
        Line(page, table.Grain);
        Line(page, "");
        Line(page, $"* **Key**: {Codes(table.Key, "none: every version of a row is kept")}");
        Line(page, $"* **Partitioned by**: {Codes(table.Partitioning, "not partitioned")}");
        Line(page, $"* **Sorted by**: {Codes(table.SortedBy, "not sorted")}");
        if (table.References.Count > 0)
        {
            Line(page, $"* **References**: {Codes(table.References, "")}");
        }

        var origin = table.Sources.Count > 0 ? "the answers of the source" : Origin(table);
        Line(page, $"* **Made of**: {(table.ReadsFrom.Count > 0 ? Links(table.ReadsFrom) : origin)}");
        Line(page, $"* **Used by**: {(table.ReadBy.Count > 0 ? Links(table.ReadBy) : "no other table")}");
        Line(page, $"* **Sources**: {Codes(table.Sources, "none")}");
        Line(page, "");
        Line(page, "## Columns");
        Line(page, "");
        Table(page, ["column", "type", "unit", "null", "meaning"], table.Columns.Select(column => (IReadOnlyList<string>)
            [$"`{column.Name}`", column.Type, column.Unit, column.Nullable ? "yes" : "", column.Meaning]));
        if (table.Rules.Count > 0)
        {
            Line(page, "");
            Line(page, "## Quality rules");
            Line(page, "");
            Table(page, ["rule", "severity", "what is wrong", "threshold", "source"], table.Rules.Select(rule => (IReadOnlyList<string>)
                [$"`{rule.Name}`", rule.Severity, rule.Meaning, rule.Threshold, rule.Source]));
        }

        return page.ToString();
    }

    /// <summary>What makes a table that neither a source nor SQL makes.</summary>
    private static string Origin(TableDescription table) =>
        table.Table.StartsWith("ml.", StringComparison.Ordinal) ? "`pvlake ml`" : "rules of the program";

    private static string Index(IReadOnlyList<TableDescription> tables)
    {
        var page = new StringBuilder();
        Line(page, Notice);
        Line(page, "# The tables");
        foreach (var layer in tables.GroupBy(table => table.Table.Split('.')[0]))
        {
            Line(page, "");
            Line(page, $"## {layer.Key}");
            Line(page, "");
            Table(page, ["table", "one row is", "columns", "rules", "made of"], layer.Select(table => (IReadOnlyList<string>)
            [
                Links([table.Table]), table.Grain, Number(table.Columns.Count), table.Rules.Count == 0 ? "" : Number(table.Rules.Count),
                table.ReadsFrom.Count > 0 ? Links(table.ReadsFrom) : Codes(table.Sources, Origin(table)),
            ]));
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Line(page, Row(head));
        Line(page, Row([.. head.Select(_ => "---")]));
        foreach (var row in rows)
        {
            Line(page, Row([.. row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))]));
        }
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Codes(IReadOnlyList<string> names, string none) =>
        names.Count == 0 ? none : string.Join(", ", names.Select(name => $"`{name}`"));

    private static string Links(IReadOnlyList<string> tables) => string.Join(", ", tables.Select(table => $"[{table}]({table}.md)"));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');
}
