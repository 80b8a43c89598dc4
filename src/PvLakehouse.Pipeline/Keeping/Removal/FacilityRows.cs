using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Keeping.Removal;

/// <summary>The rows of a farm that nothing makes again: those of bronze, which silver and gold are made of, and what models were told and said.</summary>
public static class FacilityRows
{
    /// <summary>The conditions that choose a farm's rows.</summary>
    /// <param name="lake">The lake.</param>
    /// <param name="code">Code of the farm.</param>
    /// <param name="further">Tables beside the pipeline's own; those with a facility_code have rows of farms.</param>
    /// <param name="window">Whole days of network time; null means all there is of the farm, its master data included.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PipelineException">The lake does not know the farm.</exception>
    public static async Task<IReadOnlyList<(TableIdentifier Table, string Condition)>> ConditionsAsync(
        Lake lake, string code, IEnumerable<TableContract> further, DayRange? window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(further);
        var farm = (await KnownFacility.ReadAsync(lake, [code], cancellationToken))[0];
        var isFarm = $"facility_code = '{farm.Code.Replace("'", "''", StringComparison.Ordinal)}'";
        TableContract[] ofModels = [IssuedForecasts.Contract, .. further.Where(table => table.Columns.Any(column => column.Name == "facility_code"))];
        var conditions = window is { } days ? Within(farm, isFarm, ofModels, days) : All(isFarm, ofModels);
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

    private static IReadOnlyList<(TableIdentifier Table, string Condition)> All(string isFarm, TableContract[] ofModels) =>
    [
        (RawFacilityTimeseries.Contract.Identifier, isFarm), (RawFacilityWeather.Contract.Identifier, isFarm),
        (RawFacilityAirQuality.Contract.Identifier, isFarm), (RawWeatherForecast.Contract.Identifier, isFarm),
        (RawFacilities.Contract.Identifier, isFarm), .. ofModels.Select(table => (table.Identifier, isFarm)),
    ];

    private static IReadOnlyList<(TableIdentifier Table, string Condition)> Within(
        KnownFacility farm, string isFarm, TableContract[] ofModels, DayRange days)
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
            .. ofModels.Select(table => (table.Identifier, $"{isFarm} AND date_hour >= {from} AND date_hour < {to}")),
        ];
    }
}
