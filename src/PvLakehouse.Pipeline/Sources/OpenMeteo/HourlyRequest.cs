using System.Globalization;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>A request for whole UTC days at some farms.</summary>
public sealed record HourlyRequest : PlannedRequest
{
    private readonly string _source = "";

    /// <inheritdoc/>
    public override string Source => _source;

    /// <summary>The endpoint: weather of the archive or the forecast service, or air quality.</summary>
    public required string Endpoint
    {
        get => _source;
        init => _source = value;
    }

    /// <summary>First stamp wanted; the request asks for its whole day.</summary>
    public required UtcHour First { get; init; }

    /// <summary>Last stamp wanted, included; the request asks for its whole day.</summary>
    public required UtcHour Last { get; init; }

    /// <summary>Variables asked for.</summary>
    public required IReadOnlyList<HourlyVariable> Variables { get; init; }

    /// <summary>First UTC day asked for.</summary>
    public DateOnly FirstDay => DateOnly.FromDateTime(First.Start.UtcDateTime);

    /// <summary>Last UTC day asked for, included.</summary>
    public DateOnly LastDay => DateOnly.FromDateTime(Last.Start.UtcDateTime);

    /// <summary>Number of UTC days asked for.</summary>
    public int Days => LastDay.DayNumber - FirstDay.DayNumber + 1;

    /// <inheritdoc/>
    public override double Cost => CallWeight.Of(Variables.Count, Days) * Facilities.Count;

    /// <inheritdoc/>
    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{FirstDay:yyyy-MM-dd} to {LastDay:yyyy-MM-dd} UTC, {DescribeFacilities()}");
}
