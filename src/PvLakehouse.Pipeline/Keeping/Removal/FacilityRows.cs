using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Keeping.Removal;

/// <summary>The bronze rows of a farm: what silver and gold know of it is made of these.</summary>
public static class FacilityRows
{
    /// <summary>The conditions that choose a farm's rows.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="code">Code of the farm.</param>
    /// <param name="window">Whole days of network time; null means all there is of the farm, its master data included.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PipelineException">The lake does not know the farm.</exception>
    public static async Task<IReadOnlyList<(TableIdentifier Table, string Condition)>> ConditionsAsync(
        Lake lake, string code, DayRange? window, CancellationToken cancellationToken)
    {
        var farm = (await KnownFacility.ReadAsync(lake, [code], cancellationToken))[0];
        var isFarm = $"facility_code = '{farm.Code.Replace("'", "''", StringComparison.Ordinal)}'";
        var conditions = window is { } days ? Within(farm, isFarm, days) : All(isFarm);
        var present = new List<(TableIdentifier Table, string Condition)>();
        foreach (var condition in conditions)
        {
            if (await lake.Catalog.TableExistsAsync(condition.Table, cancellationToken))
            {
                present.Add(condition);
            }
        }

        return present;
    }

    private static IReadOnlyList<(TableIdentifier Table, string Condition)> All(string isFarm) =>
    [
        (RawFacilityTimeseries.Contract.Identifier, isFarm), (RawFacilityWeather.Contract.Identifier, isFarm),
        (RawFacilityAirQuality.Contract.Identifier, isFarm), (RawWeatherForecast.Contract.Identifier, isFarm),
        (RawFacilities.Contract.Identifier, isFarm),
    ];

    private static IReadOnlyList<(TableIdentifier Table, string Condition)> Within(KnownFacility farm, string isFarm, DayRange days)
    {
        var span = Sources.OpenElectricity.NetworkWindow.OfDays(NetworkClock.Of(farm.Source.NetworkId), days.First, days.Last);
        var (from, to) = (Instants.Literal(span.StartInstant), Instants.Literal(span.EndInstant));
        return
        [
            (RawFacilityTimeseries.Contract.Identifier, $"{isFarm} AND interval_ts >= {from} AND interval_ts < {to}"),
            // A stamp closes its hour: the first of the window closes the hour before it, the last hour is closed by its end.
            (RawFacilityWeather.Contract.Identifier, $"{isFarm} AND weather_timestamp > {from} AND weather_timestamp <= {to}"),
            (RawFacilityAirQuality.Contract.Identifier, $"{isFarm} AND air_timestamp > {from} AND air_timestamp <= {to}"),
            (RawWeatherForecast.Contract.Identifier, $"{isFarm} AND weather_timestamp > {from} AND weather_timestamp <= {to}"),
        ];
    }
}
