using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Simulation.Air;
using PvLakehouse.Sandbox.Simulation.Weather;

namespace PvLakehouse.Sandbox.Simulation;

/// <summary>Answers a question for hourly series out of the simulated weather and air.</summary>
internal static class HourlySeries
{
    private const int ForecastDays = 16;
    private const int AirForecastDays = 5;

    // Open-Meteo keeps what runs forecast since January 2024.
    private static readonly int FirstKeptRunHour = (int)(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 3600);

    // CAMS global starts in August 2022.
    private static readonly int FirstAirHour = (int)(new DateTimeOffset(2022, 8, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 3600);

    /// <summary>The grid of a data set.</summary>
    internal static GridSnap GridOf(HourlyDataset dataset) => dataset switch
    {
        HourlyDataset.Archive or HourlyDataset.Forecast => GridSnap.Weather,
        HourlyDataset.AirQuality => GridSnap.Air,
        _ => throw new ArgumentOutOfRangeException(nameof(dataset), dataset, "Expected Archive, Forecast or AirQuality."),
    };

    /// <summary>One array per variable, null for a variable that the data set does not have.</summary>
    internal static IReadOnlyList<double?[]?> Of(ulong key, HourlyQuery query)
    {
        var cell = GridOf(query.Dataset).Of(query.Location);
        var clock = (query.AsOf.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / (double)TimeSpan.TicksPerHour;
        return query.Dataset is HourlyDataset.AirQuality
            ? Air(new(key, cell.Latitude, cell.Longitude), query, clock)
            : query.LeadDays > 0
            ? PreviousRuns(key, cell.Latitude, cell.Longitude, query, clock)
            : Weather(
                new(key, cell.Latitude, cell.Longitude, query.Dataset is HourlyDataset.Forecast ? new ForecastRun(clock) : null),
                query,
                query.Dataset is HourlyDataset.Forecast ? clock + (24 * ForecastDays) : clock);
    }

    private static double?[]?[] Weather(CellWeather cell, HourlyQuery query, double lastHour)
    {
        var readers = query.Variables.Select(WeatherVariables.Find).ToArray();
        var computed = query.Variables.Select(WeatherVariables.IsComputed).ToArray();
        var series = Array.ConvertAll(readers, reader => reader is null ? null : new double?[query.Count]);
        var before = cell.At(query.First.HoursSinceEpoch - 1);
        for (var i = 0; i < query.Count; i++)
        {
            var stamp = query.First.HoursSinceEpoch + i;
            var state = cell.At(stamp);
            var hour = WeatherHour.At(cell, stamp, before, state);
            before = state;
            for (var v = 0; v < readers.Length; v++)
            {
                if (readers[v] is { } read && (stamp <= lastHour || computed[v]))
                {
                    series[v]![i] = read(hour);
                }
            }
        }

        return series;
    }

    /// <summary>Each stamp as the newest run of some days before it forecast it; null where that run is still to come, or was before the
    /// server began to keep them.</summary>
    private static double?[]?[] PreviousRuns(ulong key, double latitude, double longitude, HourlyQuery query, double clock)
    {
        var readers = query.Variables.Select(WeatherVariables.Find).ToArray();
        var series = Array.ConvertAll(readers, reader => reader is null ? null : new double?[query.Count]);
        var (cell, run, before) = ((CellWeather?)null, default(ForecastRun), default(WeatherState));
        for (var i = 0; i < query.Count; i++)
        {
            var stamp = query.First.HoursSinceEpoch + i;
            var newest = ForecastRun.Before(stamp, query.LeadDays);
            if (newest.IssuedHours < FirstKeptRunHour || newest.IssuedHours > clock)
            {
                continue;
            }

            if (cell is null || newest != run)
            {
                (cell, run) = (new(key, latitude, longitude, newest), newest);
                before = cell.At(stamp - 1);
            }

            var state = cell.At(stamp);
            var hour = WeatherHour.At(cell, stamp, before!, state);
            before = state;
            for (var v = 0; v < readers.Length; v++)
            {
                if (readers[v] is { } read)
                {
                    series[v]![i] = read(hour);
                }
            }
        }

        return series;
    }

    private static double?[]?[] Air(CellAir cell, HourlyQuery query, double clock)
    {
        var readers = query.Variables.Select(AirVariables.Find).ToArray();
        var series = Array.ConvertAll(readers, reader => reader is null ? null : new double?[query.Count]);
        var first = query.First.HoursSinceEpoch - AirHistory.Length + 1;
        var states = new AirState[query.Count + AirHistory.Length - 1];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = cell.At(first + i);
        }

        for (var i = 0; i < query.Count; i++)
        {
            var stamp = query.First.HoursSinceEpoch + i;
            if (stamp < FirstAirHour || stamp > clock + (24 * AirForecastDays))
            {
                continue;
            }

            var air = new AirHistory(cell, stamp, states.AsMemory(i, AirHistory.Length));
            for (var v = 0; v < readers.Length; v++)
            {
                if (readers[v] is { } read)
                {
                    series[v]![i] = read(air);
                }
            }
        }

        return series;
    }
}
