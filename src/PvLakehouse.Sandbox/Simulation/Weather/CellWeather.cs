using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Solar;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>The weather of one grid cell as a pure function of time.</summary>
/// <remarks>
/// Climate (latitude, season, hour of the day) plus anomalies that persist for days on the scale of weather systems and for hours on
/// the scale of cloud fields. Levels are set after the recorded weather of nine Australian farms: total cloud about 45 %, global over
/// extraterrestrial irradiance about 0.6, dew point 10 K below the temperature, wind 3.4 m/s.
/// </remarks>
internal sealed class CellWeather
{
    // Weather systems travel east: a place one degree further east sees them this much later [h].
    private const double HoursPerDegreeEast = 2.6;
    private const double HoursPerYear = 8766;

    // Dew points above 80 °F (26.7 °C) are extremely rare (US National Weather Service): muggy air comes ever slower nearer to this [°C],
    // over this many kelvins. With the daily course on top no air is muggier than 26.7 °C.
    private const double MuggiestDewPoint = 25.5;
    private const double MuggyRange = 2.5;

    // Half the daily course of the dew point [K]: by day the mixed layer carries dry air down, at night moisture gathers near the ground.
    // Means by hour of nine farms recorded in October and November 2025 span 1.7 to 5.3 K, 2.5 K in the middle.
    private const double DailyDrying = 1.2;

    private static readonly Octave[] System = [new(90, 11, 0.75), new(34, 7, 0.55), new(12, 3, 0.35)];
    private static readonly Octave[] Layer = [new(40, 6, 0.5), new(9, 2, 0.6), new(3.5, 1, 0.5), new(1.4, 0, 0.35)];
    private static readonly Octave[] Slow = [new(130, 12, 0.9), new(36, 6, 0.45)];
    private static readonly Octave[] Breeze = [new(60, 9, 0.7), new(14, 3, 0.5), new(3, 1, 0.35)];

    private readonly ForecastRun? _run;
    private readonly Anomaly _system, _low, _mid, _high, _pressure, _temperature, _humidity, _wind, _gust, _east, _north, _rain, _haze;
    private readonly double _south;

    internal CellWeather(ulong key, double latitude, double longitude, ForecastRun? run = null)
    {
        _run = run;
        Latitude = latitude;
        Longitude = longitude;
        _south = Math.Clamp((-latitude - 27) / 8, -1, 1);
        var error = run?.ErrorKey(key);
        Anomaly Create(string name, Octave[] octaves) => new(
            new(Hash.Of(key, name), latitude, longitude, octaves),
            error is { } other ? new(Hash.Of(other, name), latitude, longitude, octaves) : null);
        _system = Create("system", System);
        _low = Create("low", Layer);
        _mid = Create("mid", Layer);
        _high = Create("high", Layer);
        _rain = Create("rain", Layer);
        _pressure = Create("pressure", Slow);
        _temperature = Create("temperature", Slow);
        _humidity = Create("humidity", Slow);
        _haze = Create("haze", Slow);
        _wind = Create("wind", Breeze);
        _gust = Create("gust", Breeze);
        _east = Create("east", Slow);
        _north = Create("north", Slow);
        Elevation = Terrain(key, latitude, longitude);
        Site = new(latitude, longitude, Elevation);
    }

    internal double Latitude { get; }

    internal double Longitude { get; }

    /// <summary>Height of the simulated ground [m], 60 to 340.</summary>
    internal double Elevation { get; }

    /// <summary>The cell's centre as an observer of the sun.</summary>
    internal Site Site { get; }

    /// <summary>Height of the simulated ground at a place [m].</summary>
    internal static double Terrain(ulong key, double latitude, double longitude) =>
        Math.Round(200 + (140 * Math.Tanh(new Channel(Hash.Of(key, "terrain"), latitude, longitude, [new(1, 2.5, 1)]).At(0))));

    /// <summary>The weather at a time [h since 1970-01-01T00:00Z].</summary>
    internal WeatherState At(double hours)
    {
        var moving = hours - ((Longitude - 145) * HoursPerDegreeEast);
        var skill = _run?.Skill(hours) ?? 1;
        double Read(Anomaly anomaly) => anomaly.At(moving, skill);

        var year = 2 * Math.PI * hours / HoursPerYear;
        var summer = Math.Cos(year - 0.35); // +1 around 20 January, -1 around 20 July
        var solarHour = hours + (Longitude / 15);
        var daily = Math.Cos(2 * Math.PI * (solarHour - 15) / 24);

        var pressure = Read(_pressure);
        var front = (0.89 * Read(_system)) - (0.45 * pressure);
        var clouds = new CloudLayers(
            Cover((0.62 * front) + (0.78 * Read(_low)), 1.38 + (0.25 * summer * _south)),
            Cover((0.66 * front) + (0.75 * Read(_mid)), 0.72 + (0.20 * summer * _south)),
            Cover((0.50 * front) + (0.87 * Read(_high)), 0.58 + (0.15 * summer * _south)));
        var grey = 1 - ((1 - clouds.Low) * (1 - (0.8 * clouds.Mid)) * (1 - (0.3 * clouds.High)));

        var mean = 16.4 + (0.52 * (35 + Latitude)) + ((7.2 + (0.9 * _south)) * summer) + (3.1 * Read(_temperature)) - (1.2 * front);
        var temperature = mean + ((7.4 - (4.4 * grey)) * (daily + (0.12 * daily * daily) - 0.06));
        var depression = Math.Clamp(9.4 - (3.2 * Read(_humidity)) - (1.8 * front) + (1.5 * summer * _south), 0.6, 22);
        var moisture = Muggy(mean - depression) - (DailyDrying * Math.Cos(2 * Math.PI * (solarHour - 17) / 24));
        var dewPoint = Math.Min(moisture, temperature - 0.2);

        var wind = 3.0 * Math.Exp((0.36 * Read(_wind)) + (0.10 * front)) * (1 + (0.22 * daily));
        var gust = wind * (1.75 + (0.2 * Math.Tanh(Read(_gust))) + (0.35 * clouds.Low));
        var direction = Math.Atan2(Read(_east) + 0.35, Read(_north) - 0.45) * 180 / Math.PI;

        var rain = Math.Max(0, (0.62 * front) + (0.78 * Read(_rain)) - 0.75) * 1.6 * Rise((clouds.Low + (0.6 * clouds.Mid) - 0.45) / 0.7);
        var vapour = 6.112 * Math.Exp(17.62 * dewPoint / (243.12 + dewPoint));
        return new()
        {
            Temperature = temperature,
            DewPoint = dewPoint,
            Wind = wind,
            Gust = gust,
            WindDirection = direction < 0 ? direction + 360 : direction,
            PressureMsl = 1015.5 - (4 * summer) + (6 * pressure) + (1.1 * Math.Cos(4 * Math.PI * (solarHour - 10) / 24)),
            Clouds = clouds,
            RainRate = rain,
            Turbidity = 2.9 + (0.45 * summer) + (0.3 * Math.Tanh(Read(_haze))) + (0.02 * vapour),
            WaterVapour = 1.55 * vapour,
        };
    }

    // A sky is mostly clear or mostly covered, seldom half: a steep step of a bell-shaped quantity.
    private static double Cover(double quantity, double threshold) => 1 / (1 + Math.Exp(-4.2 * (quantity - threshold)));

    // Dry air is what it is; muggy air comes near the limit but not to it, and goes on changing. A hard limit would stand still for days.
    private static double Muggy(double dewPoint) =>
        MuggiestDewPoint - (MuggyRange * Math.Log(1 + Math.Exp((MuggiestDewPoint - dewPoint) / MuggyRange)));

    private static double Rise(double x)
    {
        var t = Math.Clamp(x, 0, 1);
        return t * t * (3 - (2 * t));
    }

    // A quantity, and the independent error that a forecast mixes in as its skill falls.
    private readonly record struct Anomaly(Channel Truth, Channel? Error)
    {
        internal double At(double hours, double skill) => skill >= 1 || Error is null
            ? Truth.At(hours)
            : (skill * Truth.At(hours)) + (Math.Sqrt(1 - (skill * skill)) * Error.At(hours));
    }
}
