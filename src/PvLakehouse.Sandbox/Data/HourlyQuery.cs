using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Data;

/// <summary>A question for hourly series at one coordinate.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Location">The coordinate as the client gave it.</param>
/// <param name="Variables">Open-Meteo names in their present spelling, for example <c>wind_speed_10m</c>.</param>
/// <param name="AsOf">The sandbox clock.</param>
/// <remarks>
/// Values are wanted in Open-Meteo's default units: °C, km/h, mm, W/m², hPa, %, °, m, kg/m², s, μg/m³, ppm. They are labelled
/// as Open-Meteo does: the value at index i stands at <c>First + i</c>; radiation, precipitation and sunshine cover the hour before
/// that instant, everything else is momentary.
/// </remarks>
public sealed record HourlyQuery(
    HourlyDataset Dataset, SandboxLocation Location, IReadOnlyList<string> Variables, DateTimeOffset AsOf)
{
    /// <summary>The stamp of the first value.</summary>
    public required UtcHour First { get; init; }

    /// <summary>
    /// How many days before each stamp its forecast was made, 1 to 7: the run of so many days before gives the value. 0 for the newest
    /// knowledge. Only for <see cref="HourlyDataset.Forecast"/>.
    /// </summary>
    public int LeadDays { get; init; }

    /// <summary>Number of hours, at least 1.</summary>
    public required int Count { get; init; }
}
