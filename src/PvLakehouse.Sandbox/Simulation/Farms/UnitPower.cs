using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Sandbox.Simulation.Weather;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Power;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Sandbox.Simulation.Farms;

/// <summary>What one unit could deliver: the weather of its grid cell, clouds passing over the farm, modules and inverters.</summary>
internal sealed class UnitPower
{
    // Clouds over one farm: smaller and faster than what a grid cell resolves.
    private static readonly Octave[] Passing = [new(0.9, 0, 0.7), new(0.33, 0, 0.5), new(0.13, 0, 0.35)];

    private readonly CellWeather _weather;
    private readonly Channel _low, _mid;
    private readonly Site _site;
    private readonly PvModel _model;

    internal UnitPower(ulong key, SandboxFacility farm, SandboxLocation place, PvSystem design, GridSnap grid)
    {
        var cell = grid.Of(place);
        _weather = new(key, cell.Latitude, cell.Longitude);
        _site = new(place.Latitude, place.Longitude, _weather.Elevation);
        var farmKey = Hash.Of(key, farm.Code);
        _low = new(Hash.Of(farmKey, "passing low"), place.Latitude, place.Longitude, Passing);
        _mid = new(Hash.Of(farmKey, "passing mid"), place.Latitude, place.Longitude, Passing);
        _model = new(design);
    }

    /// <summary>AC limit of the unit [MW].</summary>
    internal double CapacityMw => _model.System.CapacityAcMw;

    /// <summary>The energy the unit could deliver in consecutive intervals [MWh]: the mean of the powers at both ends.</summary>
    /// <param name="firstSlot">The first interval.</param>
    /// <param name="energy">Receives one value per interval.</param>
    internal void Available(long firstSlot, Span<double> energy)
    {
        var hour = (long)Math.Floor(firstSlot / (double)Slots.PerHour);
        var (start, end) = (_weather.At(hour), _weather.At(hour + 1));
        var before = 0.0;
        for (var i = 0; i <= energy.Length; i++)
        {
            var slot = firstSlot + i;
            if (slot >= (hour + 1) * Slots.PerHour)
            {
                hour++;
                (start, end) = (end, _weather.At(hour + 1));
            }

            var power = PowerAt(slot, start, end, (slot - (hour * Slots.PerHour)) / (double)Slots.PerHour);
            if (i > 0)
            {
                energy[i - 1] = (before + power) / 2 / Slots.PerHour;
            }

            before = power;
        }
    }

    private double PowerAt(long slot, in WeatherState start, in WeatherState end, double share)
    {
        var sun = AlmanacSun.At(_site, (double)slot * Slots.Seconds);
        if (sun.Up <= 0)
        {
            return 0;
        }

        double Between(double a, double b) => a + ((b - a) * share);
        var clouds = CloudLayers.Between(start.Clouds, end.Clouds, share);
        var hours = slot / (double)Slots.PerHour;
        var shading = new CloudLayers(Shaded(clouds.Low, _low.At(hours)), Shaded(clouds.Mid, _mid.At(hours)), clouds.High);
        var clear = ClearSky.Ineichen(_site, sun, Between(start.Turbidity, end.Turbidity));
        return _model.At(
            sun,
            CloudySky.Under(clear, sun.Up, clouds, shading),
            Between(start.Temperature, end.Temperature),
            WindSpeed.FromMetresPerSecond(Between(start.Wind, end.Wind))).AcPowerMw;
    }

    // The sun is behind a cloud while a passing quantity exceeds the level it exceeds for the covered share of the time (logistic
    // approximation of the normal distribution), softened because a farm is larger than the edge of a cloud.
    private static double Shaded(double cover, double passing)
    {
        var share = Math.Clamp(cover, 0.001, 0.999);
        var level = -Math.Log(share / (1 - share)) / 1.702;
        return 1 / (1 + Math.Exp(-5 * (passing - level)));
    }
}
