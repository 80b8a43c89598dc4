using System.Collections.Frozen;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Sky;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>Open-Meteo's names for what the simulation knows about a stamp, in Open-Meteo's default units.</summary>
internal static class WeatherVariables
{
    private static readonly FrozenDictionary<string, Func<WeatherHour, double>> Known =
        new Dictionary<string, Func<WeatherHour, double>>(StringComparer.Ordinal)
        {
            ["shortwave_radiation"] = hour => hour.Radiation.Shortwave,
            ["direct_radiation"] = hour => hour.Radiation.Direct,
            ["diffuse_radiation"] = hour => hour.Radiation.Diffuse,
            ["direct_normal_irradiance"] = hour => hour.Radiation.DirectNormal,
            ["terrestrial_radiation"] = hour => hour.Radiation.Terrestrial,
            ["sunshine_duration"] = hour => hour.Radiation.SunshineSeconds,
            ["temperature_2m"] = hour => hour.State.Temperature,
            ["dew_point_2m"] = hour => hour.State.DewPoint,
            ["relative_humidity_2m"] = hour => hour.Humidity,
            ["wet_bulb_temperature_2m"] = hour => Math.Clamp(
                Humidity.WetBulb(hour.State.Temperature, Math.Clamp(hour.Humidity, 5, 99)),
                hour.State.DewPoint,
                hour.State.Temperature),
            ["cloud_cover"] = hour => 100 * hour.State.Clouds.Total,
            ["cloud_cover_low"] = hour => 100 * hour.State.Clouds.Low,
            ["cloud_cover_mid"] = hour => 100 * hour.State.Clouds.Mid,
            ["cloud_cover_high"] = hour => 100 * hour.State.Clouds.High,
            ["precipitation"] = hour => hour.Rain,
            ["rain"] = hour => hour.Rain,
            ["is_day"] = hour => hour.Sun.ApparentElevation() > 0 ? 1 : 0,
            ["total_column_integrated_water_vapour"] = hour => hour.State.WaterVapour,
            ["boundary_layer_height"] = hour => hour.BoundaryLayer,
            ["wind_speed_10m"] = hour => WindSpeed.FromMetresPerSecond(hour.State.Wind).KilometresPerHour,
            ["wind_gusts_10m"] = hour => WindSpeed.FromMetresPerSecond(hour.State.Gust).KilometresPerHour,
            ["wind_direction_10m"] = hour => hour.State.WindDirection,
            ["pressure_msl"] = hour => hour.State.PressureMsl,
            ["surface_pressure"] = hour => hour.State.PressureMsl * Math.Exp(-hour.Cell.Elevation / 8400),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How to compute a variable, or null when the simulation does not know it.</summary>
    internal static Func<WeatherHour, double>? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>Whether a variable is astronomy, so that it has a value at every stamp, past or future.</summary>
    internal static bool IsComputed(string name) => name is "terrestrial_radiation" or "is_day";
}
