using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>The expectations that follow from a table's contract.</summary>
internal static class ContractExpectations
{
    private const string Hour = "date_hour";
    private static readonly string[] Days = ["network_date", "local_date"];

    /// <summary>What must hold among the rows: each key once, and what is referred to is there.</summary>
    public static IEnumerable<Expectation> Of(TableContract table)
    {
        if (table.Key.Count > 0)
        {
            yield return Unique(table);
        }

        foreach (var reference in table.References)
        {
            yield return Points(table, reference);
        }
    }

    /// <summary>What must hold for every row by itself: required columns have values, and others none but the accepted.</summary>
    public static IEnumerable<RowExpectation> OfRows(TableContract table)
    {
        var required = table.Columns.Where(column => !column.Nullable).Select(column => $"{Quoted(column.Name)} IS NULL");
        yield return new("not_null", string.Join(" OR ", required), Text(table.Key));
        foreach (var column in table.Columns.Where(column => column.Values.Count > 0))
        {
            var values = string.Join(", ", column.Values.Select(value => $"'{value}'"));
            yield return new($"{column.Name}_accepted", $"{Quoted(column.Name)} NOT IN ({values})", Quoted(column.Name));
        }
    }

    /// <summary>The column of hours or of days by which a table that models merge into is limited to what a run touched; null for others.</summary>
    public static ColumnContract? TimeOf(TableContract table) => table.Layer is "silver" or "gold"
        ? table.Columns.FirstOrDefault(column => column.Name == Hour) ?? table.Columns.FirstOrDefault(column => Days.Contains(column.Name))
        : null;

    /// <summary>The condition of a scope on a table; the whole table when it has neither hours nor days.</summary>
    public static string Where(TableContract table, CheckScope scope) => TimeOf(table) switch
    {
        null => "true",
        { Name: Hour } => scope.On(Hour),
        var day => scope.OnDays(day.Name),
    };

    /// <summary>The key of a row as text, for a sample; a table without key shows none.</summary>
    public static string Text(IReadOnlyList<string> key) => key.Count == 0
        ? "CAST(NULL AS VARCHAR)"
        : $"concat_ws(' ', {string.Join(", ", key.Select(column => $"coalesce(CAST({Quoted(column)} AS VARCHAR), 'null')"))})";

    private static Expectation Unique(TableContract table) => new()
    {
        Table = table,
        Name = "unique_key",
        Sql = scope =>
        {
            var key = string.Join(", ", table.Key.Select(Quoted));
            return $"""
                SELECT count(*) FILTER (WHERE times > 1), CAST(coalesce(sum(times), 0) AS BIGINT),
                  min({Text(table.Key)}) FILTER (WHERE times > 1)
                FROM (SELECT {key}, count(*) AS times FROM {table.Name} WHERE {Where(table, scope)} GROUP BY {key})
                """;
        },
    };

    private static Expectation Points(TableContract table, ForeignKey reference) => new()
    {
        Table = table,
        Name = $"{reference.Column}_known",
        Needs = [reference.Dimension],
        Sql = scope => $"""
            SELECT count(*) FILTER (WHERE d.{reference.Key} IS NULL), count(*), CAST(min(t.{reference.Column}) FILTER (WHERE d.{reference.Key} IS NULL) AS VARCHAR)
            FROM (SELECT {reference.Column} FROM {table.Name} WHERE {Where(table, scope)}) t
            LEFT JOIN {reference.Dimension.Name} d ON d.{reference.Key} = t.{reference.Column}
            """,
    };

    private static string Quoted(string column) => $"\"{column}\"";
}
