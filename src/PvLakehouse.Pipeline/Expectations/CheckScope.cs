using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>The hours of a table that are checked.</summary>
/// <param name="From">First hour; null with <paramref name="To"/> for the whole table.</param>
/// <param name="To">Last hour, included.</param>
internal sealed record CheckScope(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>The whole table.</summary>
    public static CheckScope All { get; } = new(null, null);

    /// <summary>An SQL condition on a column of hours.</summary>
    public string On(string column) => (From, To) is ({ } from, { } to)
        ? $"{column} BETWEEN {Instants.Literal(from)} AND {Instants.Literal(to)}"
        : "true";

    /// <summary>The scope with the instant that closes its last hour, which labels the last five minutes of the NEM.</summary>
    public CheckScope WithHourAfter => this with { To = To?.AddHours(1) };

    /// <summary>The smallest scope that covers both.</summary>
    public CheckScope Or(CheckScope other) => From is null || other.From is null
        ? All
        : new(From < other.From ? From : other.From, To > other.To ? To : other.To);
}
