using System.Globalization;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>The hours of a table that are checked.</summary>
/// <param name="From">First hour; null for all before <paramref name="To"/>.</param>
/// <param name="To">Last hour, included; null for all after <paramref name="From"/>.</param>
internal sealed record CheckScope(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>The whole table.</summary>
    public static CheckScope All { get; } = new(null, null);

    /// <summary>The scope of a span of hours, or of days, which begin at midnight UTC here.</summary>
    public static CheckScope Of(RowSpan span) => (span.First, span.Last) switch
    {
        (DateOnly first, DateOnly last) => new(Midnight(first), Midnight(last)),
        var (first, last) => new((DateTimeOffset)first, (DateTimeOffset)last),
    };

    /// <summary>The hours as a span; null for the whole table.</summary>
    public RowSpan? Span => (From, To) is ({ } from, { } to) ? new(from, to) : null;

    /// <summary>An SQL condition on a column of hours.</summary>
    public string On(string column) => (From, To) switch
    {
        ({ } from, { } to) => $"{column} BETWEEN {Instants.Literal(from)} AND {Instants.Literal(to)}",
        ({ } from, null) => $"{column} >= {Instants.Literal(from)}",
        (null, { } to) => $"{column} <= {Instants.Literal(to)}",
        _ => "true",
    };

    /// <summary>An SQL condition on a column of days: those that begin in the scope.</summary>
    public string OnDays(string column) => (From, To) is ({ } from, { } to)
        ? string.Create(CultureInfo.InvariantCulture, $"{column} BETWEEN DATE '{from.UtcDateTime:yyyy-MM-dd}' AND DATE '{to.UtcDateTime:yyyy-MM-dd}'")
        : "true";

    /// <summary>The scope with the instant that closes its last hour, which labels the last five minutes of the NEM.</summary>
    public CheckScope WithHourAfter => this with { To = To?.AddHours(1) };

    /// <summary>The scope in parts, each after the other, without a gap.</summary>
    /// <param name="cuts">The first hours of all parts but the first, in their order.</param>
    public IReadOnlyList<CheckScope> CutAt(IReadOnlyList<DateTimeOffset> cuts)
    {
        var firsts = cuts.Select(cut => (DateTimeOffset?)cut).Prepend(From);
        var lasts = cuts.Select(cut => (DateTimeOffset?)cut.AddHours(-1)).Append(To);
        return [.. firsts.Zip(lasts, (from, to) => new CheckScope(from, to))];
    }

    /// <summary>The smallest scope that covers both.</summary>
    public CheckScope Or(CheckScope other) => From is null || other.From is null
        ? All
        : new(From < other.From ? From : other.From, To > other.To ? To : other.To);

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
