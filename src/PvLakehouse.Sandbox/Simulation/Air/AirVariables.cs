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
