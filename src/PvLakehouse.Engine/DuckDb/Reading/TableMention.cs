using System.Text.RegularExpressions;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>A three-part name in SQL text that may be an Iceberg table, in whatever place it stands.</summary>
/// <remarks>
/// Text, not syntax: string literals, comments and qualified columns count too. So the mentions are always at least the
/// references, and a statement in which both are equally many reads a table nowhere else.
/// </remarks>
internal readonly partial record struct TableMention(string Namespace, string Name)
{
    public static IEnumerable<TableMention> In(string sql) => Pattern().Matches(sql).Select(m =>
        new TableMention(Unquote(m.Groups["namespace"].Value), Unquote(m.Groups["table"].Value)));

    public bool IsSame(TableMention other) =>
        string.Equals(Namespace, other.Namespace, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Namespace}.{Name}";

    private static string Unquote(string name) =>
        name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    [GeneratedRegex(
        """(?<![\w"])("iceberg"|iceberg)\s*\.\s*(?<namespace>"([^"]|"")+"|[\p{L}_][\w$]*)\s*\.\s*(?<table>"([^"]|"")+"|[\p{L}_][\w$]*)""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
