using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The first and the last value of a column of instants or of days, by which files of a table are chosen.</summary>
/// <param name="First">A <see cref="DateTimeOffset"/> or a <see cref="DateOnly"/>.</param>
/// <param name="Last">The same type, included.</param>
internal sealed record RowSpan(object First, object Last)
{
    /// <summary>The span that a query of two values gives; null when they are null.</summary>
    public static async Task<RowSpan?> OfAsync(ISqlSession session, string sql, CancellationToken cancellationToken)
    {
        var result = await session.QueryAsync(sql, parameters: null, cancellationToken);
        return (await result.ToListAsync(cancellationToken))[0] switch
        {
            [null, ..] => null,
            [DateOnly first, DateOnly last] => new(first, last),
            var row => new(Instants.From(row[0]), Instants.From(row[1])),
        };
    }

    /// <summary>The span with some time before and after it; of days, whole ones.</summary>
    public RowSpan Widened(TimeSpan before, TimeSpan after) => (First, Last) switch
    {
        (DateOnly first, DateOnly last) => new(first.AddDays(-(int)before.TotalDays), last.AddDays((int)after.TotalDays)),
        _ => new((DateTimeOffset)First - before, (DateTimeOffset)Last + after),
    };

    /// <summary>The instants of a span of days, in whatever market they are.</summary>
    public RowSpan ToInstants() => (First, Last) is (DateOnly first, DateOnly last)
        ? new(Midnight(first).AddHours(-14), Midnight(last).AddHours(24 + 12))
        : this;

    /// <summary>The days in UTC of a span of instants.</summary>
    public RowSpan ToDays() => (First, Last) is (DateTimeOffset first, DateTimeOffset last)
        ? new(DateOnly.FromDateTime(first.UtcDateTime), DateOnly.FromDateTime(last.UtcDateTime))
        : this;

    /// <summary>Selects files that may hold a value of the span.</summary>
    public Expression On(string column) =>
        Expression.And(Expression.GreaterThanOrEqual(column, First), Expression.LessThanOrEqual(column, Last));

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
