namespace PvLakehouse.Pipeline.Quality;

/// <summary>The rules that hold a farm-day back.</summary>
internal static class Veto
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Rules { get; } =
        [.. RuleBook.All.Where(entry => entry.Rule.Severity == Severity.Veto).Select(entry => entry.Rule.Name)];

    private static string List { get; } = $"[{string.Join(", ", Rules.Select(name => $"'{name}'"))}]";

    /// <summary>SQL: whether a column of issues names a veto rule.</summary>
    public static string Breaks(string issues) => $"list_has_any(string_split({issues}, '|'), {List})";

    /// <summary>SQL: the veto rules that a column of issues names.</summary>
    public static string Of(string issues) => $"list_intersect(string_split({issues}, '|'), {List})";
}
