using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>A part of the hours or days that a model computes: whole days of the markets, so that rows which judge each other stay together.</summary>
/// <param name="Condition">Selects its rows among the keys and in the table alike.</param>
internal sealed record KeySlice(string Condition)
{
    // The eastern market's day begins at 14:00 UTC, the western one's two hours later.
    private static readonly TimeSpan MidnightOfNem = TimeSpan.FromHours(14);
    private static readonly TimeSpan LaterInWem = TimeSpan.FromHours(2);
    private static readonly string[] Days = ["network_date", "local_date"];

    /// <summary>All rows.</summary>
    public static KeySlice Whole { get; } = new("true");

    /// <summary>Cuts the session's <c>keys</c>, oldest first, so that memory does not grow with the years that are computed.</summary>
    /// <param name="session">The session, with <c>keys</c>.</param>
    /// <param name="target">The table; one that has neither hours nor days is not cut.</param>
    /// <param name="most">Hours of a slice, roughly.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<IReadOnlyList<KeySlice>> FindAsync(
        ISqlSession session, TableContract target, long most, CancellationToken cancellationToken)
    {
        if (!Has(target, "date_hour"))
        {
            return Days.FirstOrDefault(day => Has(target, day)) is { } day ? await OfDaysAsync(session, day, most, cancellationToken) : [Whole];
        }

        var rows = await RowsAsync(session, "SELECT count(*), min(date_hour), max(date_hour) FROM keys", cancellationToken);
        var count = Convert.ToInt64(rows[0][0], CultureInfo.InvariantCulture);
        if (count <= most)
        {
            return [Whole];
        }

        var (first, last) = (Instants.From(rows[0][1]), Instants.From(rows[0][2]));
        var start = new DateTimeOffset(first.UtcDateTime.Date, TimeSpan.Zero) + MidnightOfNem - TimeSpan.FromDays(1);
        var days = (int)Math.Ceiling((last - start).TotalDays / Math.Ceiling((double)count / most));
        var cuts = new List<DateTimeOffset>();
        for (var cut = start.AddDays(days); cut <= last; cut = cut.AddDays(days))
        {
            cuts.Add(cut);
        }

        // Rows of the fact are made each for itself, so its farms may be cut at one instant.
        var western = Has(target, "facility_code") ? await WesternAsync(session, cancellationToken) : "";
        return [.. cuts.Prepend(DateTimeOffset.MinValue).Zip(cuts.Append(DateTimeOffset.MaxValue), (from, to) => new KeySlice(Between(from, to, western)))];
    }

    private static async Task<IReadOnlyList<KeySlice>> OfDaysAsync(
        ISqlSession session, string day, long most, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(session, $"SELECT 24 * count(*), min({day}), max({day}) FROM keys", cancellationToken);
        var hours = Convert.ToInt64(rows[0][0], CultureInfo.InvariantCulture);
        if (hours <= most)
        {
            return [Whole];
        }

        var (first, last) = ((DateOnly)rows[0][1]!, (DateOnly)rows[0][2]!);
        var length = (int)Math.Ceiling((last.DayNumber - first.DayNumber + 1) / Math.Ceiling((double)hours / most));
        var cuts = new List<DateOnly>();
        for (var cut = first.AddDays(length); cut <= last; cut = cut.AddDays(length))
        {
            cuts.Add(cut);
        }

        return
        [
            .. cuts.Select(cut => (DateOnly?)cut).Prepend(null).Zip(cuts.Select(cut => (DateOnly?)cut).Append(null), (from, to) => new KeySlice(
                $"{(from is null ? "true" : $"{day} >= {Literal(from.Value)}")} AND {(to is null ? "true" : $"{day} < {Literal(to.Value)}")}")),
        ];

        static string Literal(DateOnly date) => string.Create(CultureInfo.InvariantCulture, $"DATE '{date:yyyy-MM-dd}'");
    }

    /// <summary>Hours from one midnight to another, the first and the last slice without end.</summary>
    private static string Between(DateTimeOffset from, DateTimeOffset to, string western)
    {
        var (isFirst, isLast) = (from == DateTimeOffset.MinValue, to == DateTimeOffset.MaxValue);
        string Since(TimeSpan later) => isFirst ? "true" : $"date_hour >= {Instants.Literal(from + later)}";
        string Before(TimeSpan later) => isLast ? "true" : $"date_hour < {Instants.Literal(to + later)}";
        return western.Length == 0
            ? $"{Since(TimeSpan.Zero)} AND {Before(TimeSpan.Zero)}"
            // The first line chooses files, the others rows.
            : $"""
                {Since(TimeSpan.Zero)} AND {Before(LaterInWem)}
                AND (facility_code NOT IN ({western}) OR ({Since(LaterInWem)}))
                AND (facility_code IN ({western}) OR ({Before(TimeSpan.Zero)}))
                """;
    }

    private static async Task<string> WesternAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(
            session, $"SELECT DISTINCT facility_code FROM {CleanFacilityMaster.Contract.Name} WHERE network_id = 'WEM' ORDER BY 1", cancellationToken);
        return string.Join(", ", rows.Select(row => $"'{((string)row[0]!).Replace("'", "''", StringComparison.Ordinal)}'"));
    }

    private static bool Has(TableContract target, string column) => target.Columns.Any(candidate => candidate.Name == column);

    private static async Task<IReadOnlyList<object?[]>> RowsAsync(ISqlSession session, string sql, CancellationToken cancellationToken) =>
        await (await session.QueryAsync(sql, parameters: null, cancellationToken)).ToListAsync(cancellationToken);
}
