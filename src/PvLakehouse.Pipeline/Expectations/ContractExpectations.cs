using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>The expectations that follow from a table's contract.</summary>
internal static class ContractExpectations
{
    private const string Hour = "date_hour";
    private static readonly string[] Days = ["network_date", "local_date"];

    public static IEnumerable<Expectation> Of(TableContract table)
    {
        if (table.Key.Count > 0)
        {
            yield return Unique(table);
        }

        yield return NotNull(table);
        foreach (var column in table.Columns.Where(column => column.Values.Count > 0))
        {
            yield return Accepted(table, column);
        }

        foreach (var reference in table.References)
        {
            yield return Points(table, reference);
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

    private static Expectation NotNull(TableContract table)
    {
        var required = table.Columns.Where(column => !column.Nullable).Select(column => column.Name).ToArray();
        return new()
        {
            Table = table,
            Name = "not_null",
            Sql = scope =>
            {
                var empty = string.Join(" OR ", required.Select(column => $"{Quoted(column)} IS NULL"));
                return $"""
                    SELECT count(*) FILTER (WHERE {empty}), count(*), min({Text(table.Key)}) FILTER (WHERE {empty})
                    FROM {table.Name} WHERE {Where(table, scope)}
                    """;
            },
        };
    }

    private static Expectation Accepted(TableContract table, ColumnContract column) => new()
    {
        Table = table,
        Name = $"{column.Name}_accepted",
        Sql = scope =>
        {
            var values = string.Join(", ", column.Values.Select(value => $"'{value}'"));
            return $"""
                SELECT count(*) FILTER (WHERE {Quoted(column.Name)} NOT IN ({values})), count(*),
                  min({Quoted(column.Name)}) FILTER (WHERE {Quoted(column.Name)} NOT IN ({values}))
                FROM {table.Name} WHERE {Where(table, scope)}
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

    /// <summary>The key of a row as text, for a sample; a table without key shows none.</summary>
    private static string Text(IReadOnlyList<string> key) => key.Count == 0
        ? "CAST(NULL AS VARCHAR)"
        : $"concat_ws(' ', {string.Join(", ", key.Select(column => $"coalesce(CAST({Quoted(column)} AS VARCHAR), 'null')"))})";

    private static string Quoted(string column) => $"\"{column}\"";
}
