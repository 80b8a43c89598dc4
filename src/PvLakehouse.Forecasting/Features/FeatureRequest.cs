using System.Globalization;

namespace PvLakehouse.Forecasting.Features;

/// <summary>What a feature set is to cover.</summary>
public sealed record FeatureRequest
{
    /// <summary>Start of the first hour to be forecast; null for the first that gold has.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of the last one; null for the last that gold has.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The classes of forecasts.</summary>
    public IReadOnlyList<Horizon> Horizons { get; init; } = Horizon.All;

    /// <summary>Which weather.</summary>
    public WeatherKind Weather { get; init; }

    /// <summary>Codes of the farms; null for all.</summary>
    public IReadOnlyList<string>? Facilities { get; init; }

    /// <summary>The issues that are wanted, for hours that may still be to come; null for all that lead to hours that gold has.</summary>
    public IssueWindow? Issued { get; init; }

    /// <summary>Snapshots of the tables that it is made from, by full name; the newest where none is given.</summary>
    public IReadOnlyDictionary<string, long>? Snapshots { get; init; }

    /// <summary>The hours, in words.</summary>
    internal string Span => (From, To) switch
    {
        (null, null) => "of gold",
        ({ } from, null) => $"from {Text(from)} on",
        (null, { } to) => $"before {Text(to)}",
        ({ } from, { } to) => $"from {Text(from)} to {Text(to)}",
    };

    internal static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Issues after one instant, up to and with another.</summary>
/// <param name="After">Issues at this instant are left out.</param>
/// <param name="UpTo">Issues at this instant are in.</param>
public sealed record IssueWindow(DateTimeOffset After, DateTimeOffset UpTo)
{
    /// <summary>The newest issue of a class at an instant: one in each market.</summary>
    public static IssueWindow Newest(Horizon horizon, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(horizon);
        return new(at - horizon.Every, at);
    }

    /// <inheritdoc/>
    public override string ToString() => $"after {FeatureRequest.Text(After)} up to {FeatureRequest.Text(UpTo)}";
}
