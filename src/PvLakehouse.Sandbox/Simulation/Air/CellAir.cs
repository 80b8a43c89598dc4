using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Sandbox.Simulation.Weather;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Sandbox.Simulation.Air;

/// <summary>The air quality of one grid cell as a pure function of time, washed by rain and mixed by wind of the same world's weather.</summary>
/// <remarks>Levels after the recorded air of nine Australian farms: PM2.5 a few μg/m3, rare smoke and dust an order above.</remarks>
internal sealed class CellAir
{
    private const double HoursPerYear = 8766;

    private static readonly Octave[] Days = [new(80, 6, 0.8), new(20, 3, 0.5), new(7, 1.5, 0.3)];
    private static readonly Octave[] Events = [new(60, 4, 1)];

    private readonly Channel _fine, _dust, _smoke, _nitrogen, _ozone, _sulphur, _carbon;

    internal CellAir(ulong key, double latitude, double longitude)
    {
        Weather = new(key, latitude, longitude);
        Channel Create(string name, Octave[] octaves) => new(Hash.Of(key, name), latitude, longitude, octaves);
        _fine = Create("pm2_5", Days);
        _dust = Create("dust", Days);
        _smoke = Create("smoke", Events);
        _nitrogen = Create("nitrogen", Days);
        _ozone = Create("ozone", Days);
        _sulphur = Create("sulphur", Days);
        _carbon = Create("carbon", Days);
    }

    /// <summary>The weather of the cell.</summary>
    internal CellWeather Weather { get; }

    /// <summary>The air at a time [h since 1970-01-01T00:00Z].</summary>
    internal AirState At(double hours)
    {
        var weather = Weather.At(hours);
        var summer = Math.Cos((2 * Math.PI * hours / HoursPerYear) - 0.35);
        var daily = Math.Cos(2 * Math.PI * (hours + (Weather.Longitude / 15) - 15) / 24);

        // Still air at night gathers what wind and the deep layer of the afternoon dilute; rain washes particles out.
        var stagnant = (1 - (0.25 * daily)) / (0.6 + (0.13 * weather.Wind));
        var washed = 1 / (1 + (1.5 * weather.RainRate));
        var smoke = Math.Max(0, _smoke.At(hours) - 2.1 + (0.25 * summer)) * 60;

        var fine = ((3.6 * Math.Exp(0.55 * _fine.At(hours)) * stagnant) + smoke) * washed;
        var dust = 1.6 * Math.Exp((1.1 * _dust.At(hours)) + (0.12 * weather.Wind) + (0.4 * summer)) * washed;
        return new()
        {
            Pm25 = fine,
            Dust = dust,
            Pm10 = (1.35 * fine) + (0.75 * dust),
            NitrogenDioxide = 1.9 * Math.Exp(0.5 * _nitrogen.At(hours)) * stagnant,
            Ozone = Math.Max(8, 52 + (9 * summer) + (13 * daily) + (8 * _ozone.At(hours))),
            SulphurDioxide = 0.5 * Math.Exp(0.7 * _sulphur.At(hours)) * stagnant,
            CarbonMonoxide = 82 + (7 * Math.Exp(0.5 * _carbon.At(hours)) * stagnant) + (2.5 * fine),
        };
    }

    /// <summary>The ultraviolet index at a time, with and without clouds.</summary>
    /// <remarks>Source: S. Madronich, Photochemistry and Photobiology 83, 2007: 12.5 cos^2.42 (O3/300 DU)^-1.23, here for 290 DU.</remarks>
    internal (double Cloudy, double Clear) UltravioletIndex(double hours)
    {
        var sun = AlmanacSun.At(Weather.Site, hours * 3600);
        if (sun.Up <= 0)
        {
            return (0, 0);
        }

        var clear = 12.5 * Math.Pow(sun.Up, 2.42) * Math.Pow(290.0 / 300, -1.23) / (sun.Distance * sun.Distance);
        var clouds = Weather.At(hours).Clouds;
        return (clear * (1 - (0.65 * clouds.Low)) * (1 - (0.4 * clouds.Mid)) * (1 - (0.08 * clouds.High)), clear);
    }
}
