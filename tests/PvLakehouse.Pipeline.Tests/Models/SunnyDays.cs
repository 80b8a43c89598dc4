using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>Days of one farm under the same bright sky, so that only what a test changes differs from day to day.</summary>
/// <param name="lake">The lake.</param>
internal sealed class SunnyDays(TestLake lake)
{
    // At 146.6 E the sun culminates at 02:17Z in January, between 01Z+ and 03Z+.
    private const double NoonUtc = 2.28;

    /// <summary>The hour of network time in a market day that starts at 14Z of the day before.</summary>
    public static string Hour(DateOnly day, int networkHour) =>
        day.ToDateTime(TimeOnly.MinValue).AddHours(networkHour - 10).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);

    /// <summary>Share of the noon value in an hour of network time, 0 at night; optionally as a clock shows it that is late by some hours.</summary>
    public static double Share(int networkHour, double late = 0) =>
        Math.Max(0, Math.Cos((networkHour + 0.5 - 10 - NoonUtc - late) / 13.5 * Math.PI));

    /// <summary>Weather of consecutive days: 950 W/m² at noon, four fifths of it direct.</summary>
    public Task WeatherAsync(string farm, DateOnly first, int days) =>
        lake.WeatherAsync([.. Enumerable.Range(0, (24 * days) + 1).Select(hour =>
        {
            // The stamp closes the hour whose irradiance it gives.
            var global = 950 * Share((hour + 23) % 24);
            return (farm, Hour(first, hour), new Dictionary<string, double?>
            {
                ["shortwave_radiation"] = global, ["direct_radiation"] = 0.8 * global, ["diffuse_radiation"] = 0.2 * global,
                ["direct_normal_irradiance"] = Math.Min(900, global), ["temperature_2m"] = 25, ["dew_point_2m"] = 10,
                ["wet_bulb_temperature_2m"] = 16, ["pressure_msl"] = 1013,
            });
        })]);

    /// <summary>Energy of consecutive days: 60 MWh at noon times a factor, hours left out where the factor is null.</summary>
    public Task EnergyAsync(string farm, DateOnly first, int days, Func<int, int, double?> factor, double late = 0) =>
        lake.EnergyAsync([.. Enumerable.Range(0, 24 * days)
            .Where(hour => factor(hour / 24, hour % 24) is not null)
            .Select(hour => (farm, $"{farm}1", Hour(first, hour), (double?)(60 * Share(hour % 24, late) * factor(hour / 24, hour % 24)!.Value)))]);
}
