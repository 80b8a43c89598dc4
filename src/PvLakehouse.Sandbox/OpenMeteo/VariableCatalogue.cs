using System.Collections.Frozen;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The hourly variables that the sandbox knows, by present and by old names.</summary>
internal sealed class VariableCatalogue
{
    private const string LeadSuffix = "_previous_day";
    private readonly FrozenDictionary<string, HourlyVariable> _byName;
    private readonly string _type;

    private VariableCatalogue(string type, IEnumerable<HourlyVariable> variables, params (string Old, string Now)[] aliases)
    {
        _type = type;
        var byName = variables.ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        foreach (var (old, now) in aliases)
        {
            byName.Add(old, byName[now]);
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Variables of the archive and the forecast.</summary>
    public static VariableCatalogue Weather { get; } = new(
        "ForecastVariable",
        [
            new("temperature_2m", MeasureUnit.Celsius, 47, 2),
            new("dew_point_2m", MeasureUnit.Celsius, 8, 2),
            new("wet_bulb_temperature_2m", MeasureUnit.Celsius, 62, 2),
            new("relative_humidity_2m", MeasureUnit.Percent, 29, 2),
            new("cloud_cover", MeasureUnit.Percent, 3),
            new("cloud_cover_low", MeasureUnit.Percent, 5),
            new("cloud_cover_mid", MeasureUnit.Percent, 6),
            new("cloud_cover_high", MeasureUnit.Percent, 4),
            new("precipitation", MeasureUnit.Millimetre, 24),
            new("rain", MeasureUnit.Millimetre, 28),
            new("weather_code", MeasureUnit.WeatherCode, 56),
            new("pressure_msl", MeasureUnit.Hectopascal, 27),
            new("surface_pressure", MeasureUnit.Hectopascal, 45),
            new("shortwave_radiation", MeasureUnit.WattPerSquareMetre, 32),
            new("shortwave_radiation_instant", MeasureUnit.WattPerSquareMetre, 33),
            new("direct_radiation", MeasureUnit.WattPerSquareMetre, 13),
            new("direct_radiation_instant", MeasureUnit.WattPerSquareMetre, 14),
            new("diffuse_radiation", MeasureUnit.WattPerSquareMetre, 9),
            new("diffuse_radiation_instant", MeasureUnit.WattPerSquareMetre, 10),
            new("direct_normal_irradiance", MeasureUnit.WattPerSquareMetre, 11),
            new("direct_normal_irradiance_instant", MeasureUnit.WattPerSquareMetre, 12),
            new("terrestrial_radiation", MeasureUnit.WattPerSquareMetre, 48),
            new("terrestrial_radiation_instant", MeasureUnit.WattPerSquareMetre, 49),
            new("sunshine_duration", MeasureUnit.Second, 103),
            new("is_day", MeasureUnit.WholeNumber, 19),
            new("total_column_integrated_water_vapour", MeasureUnit.KilogramPerSquareMetre, 50),
            new("boundary_layer_height", MeasureUnit.Metre, 113),
            new("wind_speed_10m", MeasureUnit.KilometrePerHour, 59, 10),
            new("wind_direction_10m", MeasureUnit.Degree, 57, 10),
            new("wind_gusts_10m", MeasureUnit.KilometrePerHour, 58, 10),
            new("wind_speed_100m", MeasureUnit.KilometrePerHour, 59, 100),
            new("wind_direction_100m", MeasureUnit.Degree, 57, 100),
            new("et0_fao_evapotranspiration", MeasureUnit.Millimetre, 15),
            new("uv_index", MeasureUnit.Number, 52),
            new("uv_index_clear_sky", MeasureUnit.Number, 53),
        ],
        ("dewpoint_2m", "dew_point_2m"),
        ("relativehumidity_2m", "relative_humidity_2m"),
        ("cloudcover", "cloud_cover"),
        ("cloudcover_low", "cloud_cover_low"),
        ("cloudcover_mid", "cloud_cover_mid"),
        ("cloudcover_high", "cloud_cover_high"),
        ("weathercode", "weather_code"),
        ("windspeed_10m", "wind_speed_10m"),
        ("winddirection_10m", "wind_direction_10m"),
        ("windgusts_10m", "wind_gusts_10m"),
        ("windspeed_100m", "wind_speed_100m"),
        ("winddirection_100m", "wind_direction_100m"));

    /// <summary>Variables of the air quality API.</summary>
    public static VariableCatalogue AirQuality { get; } = new(
        "CamsVariable",
        [
            new("pm10", MeasureUnit.MicrogramPerCubicMetre, 75),
            new("pm2_5", MeasureUnit.MicrogramPerCubicMetre, 76),
            new("dust", MeasureUnit.MicrogramPerCubicMetre, 77),
            new("aerosol_optical_depth", MeasureUnit.Number, 78),
            new("carbon_monoxide", MeasureUnit.MicrogramPerCubicMetre, 79),
            new("nitrogen_dioxide", MeasureUnit.MicrogramPerCubicMetre, 80),
            new("ammonia", MeasureUnit.MicrogramPerCubicMetre, 81),
            new("ozone", MeasureUnit.MicrogramPerCubicMetre, 82),
            new("sulphur_dioxide", MeasureUnit.MicrogramPerCubicMetre, 83),
            new("carbon_dioxide", MeasureUnit.PartsPerMillion, 130),
            new("methane", MeasureUnit.MicrogramPerCubicMetre, 131),
            new("uv_index", MeasureUnit.Number, 52),
            new("uv_index_clear_sky", MeasureUnit.Number, 53),
            new("is_day", MeasureUnit.WholeNumber, 19),
            new("european_aqi", MeasureUnit.EuropeanIndex, 90),
            new("european_aqi_pm2_5", MeasureUnit.EuropeanIndex, 91),
            new("european_aqi_pm10", MeasureUnit.EuropeanIndex, 92),
            new("european_aqi_nitrogen_dioxide", MeasureUnit.EuropeanIndex, 93),
            new("european_aqi_ozone", MeasureUnit.EuropeanIndex, 94),
            new("european_aqi_sulphur_dioxide", MeasureUnit.EuropeanIndex, 95),
            new("us_aqi", MeasureUnit.UsIndex, 96),
            new("us_aqi_pm2_5", MeasureUnit.UsIndex, 97),
            new("us_aqi_pm10", MeasureUnit.UsIndex, 98),
            new("us_aqi_nitrogen_dioxide", MeasureUnit.UsIndex, 99),
            new("us_aqi_ozone", MeasureUnit.UsIndex, 100),
            new("us_aqi_sulphur_dioxide", MeasureUnit.UsIndex, 101),
            new("us_aqi_carbon_monoxide", MeasureUnit.UsIndex, 102),
        ]);

    /// <summary>Whether a name is known.</summary>
    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>The variables of a list of names.</summary>
    /// <param name="names">The names, of previous runs with the suffix <c>_previous_day1</c> and so on.</param>
    /// <param name="mostLeadDays">Number of the earliest run that may be asked for; 0 where only the newest knowledge can be.</param>
    /// <exception cref="OpenMeteoError">A name is unknown; the server's message quotes the whole list.</exception>
    public HourlyVariable[] Find(IReadOnlyList<string> names, int mostLeadDays) =>
        [.. names.Select(name => Find(name, mostLeadDays) ?? throw OpenMeteoError.Invalid(_type, string.Join(',', names)))];

    private HourlyVariable? Find(string name, int mostLeadDays)
    {
        var at = name.LastIndexOf(LeadSuffix, StringComparison.Ordinal);
        if (at < 0)
        {
            return _byName.GetValueOrDefault(name);
        }

        return name[(at + LeadSuffix.Length)..] is [>= '1' and <= '9' and var digit] && digit - '0' <= mostLeadDays
            && _byName.TryGetValue(name[..at], out var variable)
            ? variable with { LeadDays = digit - '0' }
            : null;
    }
}
