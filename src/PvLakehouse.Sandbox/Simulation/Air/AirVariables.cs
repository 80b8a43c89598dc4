using System.Collections.Frozen;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Sandbox.Simulation.Air;

/// <summary>Open-Meteo's names for what the simulation knows about the air at a stamp.</summary>
internal static class AirVariables
{
    private static readonly FrozenDictionary<string, Func<AirHistory, double>> Known =
        new Dictionary<string, Func<AirHistory, double>>(StringComparer.Ordinal)
        {
            ["pm2_5"] = air => air.Now.Pm25,
            ["pm10"] = air => air.Now.Pm10,
            ["dust"] = air => air.Now.Dust,
            ["nitrogen_dioxide"] = air => air.Now.NitrogenDioxide,
            ["ozone"] = air => air.Now.Ozone,
            ["sulphur_dioxide"] = air => air.Now.SulphurDioxide,
            ["carbon_monoxide"] = air => air.Now.CarbonMonoxide,
            ["uv_index"] = air => air.Cell.UltravioletIndex(air.Stamp).Cloudy,
            ["uv_index_clear_sky"] = air => air.Cell.UltravioletIndex(air.Stamp).Clear,
            ["is_day"] = air => AlmanacSun.At(air.Cell.Weather.Site, air.Stamp * 3600.0).ApparentElevation() > 0 ? 1 : 0,
            ["us_aqi_pm2_5"] = air => air.Pm25Index,
            ["us_aqi_pm10"] = air => air.Pm10Index,
            ["us_aqi_ozone"] = air => air.OzoneIndex,
            ["us_aqi_carbon_monoxide"] = air => air.CarbonMonoxideIndex,
            ["us_aqi_sulphur_dioxide"] = air => UsAqi.SulphurDioxide(air.Now.SulphurDioxide),
            ["us_aqi_nitrogen_dioxide"] = air => UsAqi.NitrogenDioxide(air.Now.NitrogenDioxide),
            ["us_aqi"] = air => air.OverallIndex,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How to compute a variable, or null when the simulation does not know it.</summary>
    internal static Func<AirHistory, double>? Find(string name) => Known.GetValueOrDefault(name);
}

/// <summary>The air at a stamp and over the day before it, from which indices are computed.</summary>
/// <param name="Cell">The place.</param>
/// <param name="Stamp">The stamp [h since 1970-01-01T00:00Z].</param>
/// <param name="Hours">States of the stamp and the hours before it, oldest first; 24 of them.</param>
internal readonly record struct AirHistory(CellAir Cell, int Stamp, ReadOnlyMemory<AirState> Hours)
{
    /// <summary>Hours of history that the longest mean needs.</summary>
    internal const int Length = 24;

    /// <summary>The air at the stamp.</summary>
    internal AirState Now => Hours.Span[^1];

    internal double Pm25Index => UsAqi.Pm25(Mean(24, air => air.Pm25));

    internal double Pm10Index => UsAqi.Pm10(Mean(24, air => air.Pm10));

    internal double OzoneIndex => UsAqi.Ozone(Mean(8, air => air.Ozone));

    internal double CarbonMonoxideIndex => UsAqi.CarbonMonoxide(Mean(8, air => air.CarbonMonoxide));

    /// <summary>The worst of the indices of the six pollutants.</summary>
    internal double OverallIndex => new[]
    {
        Pm25Index,
        Pm10Index,
        OzoneIndex,
        CarbonMonoxideIndex,
        UsAqi.SulphurDioxide(Now.SulphurDioxide),
        UsAqi.NitrogenDioxide(Now.NitrogenDioxide),
    }.Max();

    private double Mean(int hours, Func<AirState, double> part)
    {
        var sum = 0.0;
        foreach (var state in Hours.Span[^hours..])
        {
            sum += part(state);
        }

        return sum / hours;
    }
}
