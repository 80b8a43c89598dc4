using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>A stamp with the hour before it.</summary>
/// <param name="Cell">The place.</param>
/// <param name="Before">The weather one hour before the stamp.</param>
/// <param name="State">The weather at the stamp.</param>
/// <param name="Sun">The sun at the stamp.</param>
/// <param name="Radiation">The radiation of the hour before the stamp.</param>
internal sealed record WeatherHour(
    CellWeather Cell, WeatherState Before, WeatherState State, SunPosition Sun, HourRadiation Radiation)
{
    /// <summary>Relative humidity [%].</summary>
    internal double Humidity => Solar.Sky.Humidity.Relative(State.Temperature, State.DewPoint);

    /// <summary>Precipitation of the hour before the stamp [mm].</summary>
    internal double Rain => (Before.RainRate + State.RainRate) / 2;

    /// <summary>Height of the mixed layer [m]: shallow and stirred by wind at night, deep in the sun of the preceding hour.</summary>
    internal double BoundaryLayer => 50 + (45 * State.Wind) + (2.6 * Radiation.Shortwave);

    /// <summary>The stamp at a number of hours since 1970-01-01T00:00Z.</summary>
    internal static WeatherHour At(CellWeather cell, int stamp, WeatherState before, WeatherState state) => new(
        cell,
        before,
        state,
        AlmanacSun.At(cell.Site, stamp * 3600.0),
        HourRadiation.Between(cell.Site, (stamp - 1) * 3600.0, before, state));
}
