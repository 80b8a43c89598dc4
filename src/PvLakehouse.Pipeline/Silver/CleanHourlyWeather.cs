using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_hourly_weather: weather per farm and hour, aligned with energy.</summary>
internal static class CleanHourlyWeather
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_hourly_weather",
        Grain = "One facility and one UTC hour.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("date_hour", "timestamptz", "Start of the hour; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Optional("local_date_hour", "timestamp", "Civil wall clock at the farm at date_hour, daylight saving included."),
            OverHour("shortwave_radiation", "Global horizontal irradiance"),
            OverHour("direct_radiation", "Direct irradiance on the horizontal"),
            OverHour("diffuse_radiation", "Diffuse horizontal irradiance"),
            OverHour("direct_normal_irradiance", "Direct irradiance on a plane facing the sun"),
            OverHour("terrestrial_radiation", "Irradiance at the top of the atmosphere on the horizontal"),
            BothEnds("temperature_2m", "°C", "Air temperature at 2 m"),
            BothEnds("dew_point_2m", "°C", "Dew point at 2 m"),
            BothEnds("wet_bulb_temperature_2m", "°C", "Wet-bulb temperature at 2 m"),
            BothEnds("cloud_cover", "%", "Total cloud cover"),
            BothEnds("cloud_cover_low", "%", "Low cloud cover"),
            BothEnds("cloud_cover_mid", "%", "Middle cloud cover"),
            BothEnds("cloud_cover_high", "%", "High cloud cover"),
            ColumnContract.Optional("precipitation", "double", "Precipitation in the hour.", "mm"),
            ColumnContract.Optional("sunshine_duration", "double", "Sunshine in the hour.", "s"),
            BothEnds("total_column_integrated_water_vapour", "kg/m²", "Water vapour of the whole column"),
            BothEnds("boundary_layer_height", "m", "Height of the boundary layer"),
            BothEnds("wind_speed_10m", "km/h", "Wind speed at 10 m"),
            ColumnContract.Optional("wind_direction_10m", "double",
                "Direction the wind comes from, circular mean of both ends of the hour; null when they oppose.", "°"),
            BothEnds("wind_gusts_10m", "km/h", "Gusts at 10 m"),
            BothEnds("pressure_msl", "hPa", "Air pressure reduced to mean sea level"),
            ColumnContract.Optional("clear_sky_radiation", "double",
                "Global horizontal irradiance without clouds (Haurwitz 1946), mean of the hour.", "W/m²"),
            ColumnContract.Optional("poa_irradiance", "double", $"Irradiance on the plane of array (Hay and Davies 1980), mean of the "
                + $"hour; plane assumed for every farm: {AssumedPlane.Name}.", "W/m²"),
            ColumnContract.Optional("module_temperature", "double", "Temperature of the modules on that plane (Faiman 2008).", "°C"),
            ColumnContract.Required("completeness_pct", "double", "Share of the weather columns that have a value.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "date_hour"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_code", "date_hour"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("WEATHER_INCOMPLETE", Severity.Warning, "Some weather columns have no value.",
            "All columns known.", "The columns that are asked for.", "completeness_pct < 100"),
        Bounds("shortwave_radiation", "0", "ghi_limit", "QCRad physical limit 1.5 I0 cos^1.2 + 100 W/m2 (Long and Shi 2008)"),
        Bounds("diffuse_radiation", "0", "dhi_limit", "QCRad physical limit 0.95 I0 cos^1.2 + 50 W/m2 (Long and Shi 2008)"),
        Bounds("direct_normal_irradiance", "0", "dni_limit", "QCRad physical limit I0 (Long and Shi 2008)"),
        Bounds("direct_radiation", "0", "dni_limit", "cannot exceed I0"),
        Bounds("temperature_2m", "-35", "50", "pvanalytics weather limits"),
        Bounds("dew_point_2m", "-50", "35", "below any temperature limit, 35 is the world record"),
        Bounds("wet_bulb_temperature_2m", "-40", "40", "above the highest observed on Earth"),
        Bounds("cloud_cover", "0", "100", "Definition as a share in per cent"),
        Bounds("cloud_cover_low", "0", "100", "Definition as a share in per cent"),
        Bounds("cloud_cover_mid", "0", "100", "Definition as a share in per cent"),
        Bounds("cloud_cover_high", "0", "100", "Definition as a share in per cent"),
        Bounds("precipitation", "0", "305", "world record of one hour, WMO"),
        Bounds("sunshine_duration", "0", "3600", "Seconds of an hour"),
        Bounds("total_column_integrated_water_vapour", "0", "100", "kg/m2, above any sounding"),
        Bounds("wind_speed_10m", "0", "180", "50 m/s in the km/h that are sent, pvanalytics"),
        // The mean direction is on the circle whatever was sent.
        Bounds("wind_direction_10m", "0", "360", "Definition as degrees of a circle") with
        {
            Predicate = "wind_direction_before NOT BETWEEN 0 AND 360 OR wind_direction_after NOT BETWEEN 0 AND 360",
        },
        Bounds("wind_gusts_10m", "0", "408", "113 m/s, the world record at Barrow Island 1996, in km/h"),
        Bounds("pressure_msl", "870", "1085", "lowest and highest on record, WMO"),
        new("NIGHT_RADIATION", Severity.Bad, "Radiation while the sun is below the horizon for the whole hour.",
            "Highest sun of the hour below -1 deg and more than 5 W/m2.", "Twilight gives less than 1 W/m2.",
            "sun_elevation_max < -1 AND shortwave_radiation > 5"),
        new("RADIATION_INCONSISTENT", Severity.Warning, "Direct and diffuse radiation do not add up to the global one.",
            "Global over diffuse plus direct 0.92 to 1.08 at zenith angles below 75 deg, 0.85 to 1.15 from there to 93 deg; above 50 W/m2.",
            "QCRad closure (Long and Shi 2008).",
            "greatest(shortwave_radiation, diffuse_radiation + direct_radiation) > 50 AND ("
            + "shortwave_radiation NOT BETWEEN 0.85 * (diffuse_radiation + direct_radiation) "
            + "AND 1.15 * (diffuse_radiation + direct_radiation)"
            + " OR (cos_zenith > 0.2588 AND "
            + "shortwave_radiation NOT BETWEEN 0.92 * (diffuse_radiation + direct_radiation) "
            + "AND 1.08 * (diffuse_radiation + direct_radiation)))"),
        new("DIRECT_NORMAL_INCONSISTENT", Severity.Warning, "Direct normal radiation does not fit the global and diffuse one.",
            "Global over diffuse plus direct normal times the cosine of zenith 0.92 to 1.08 at zenith angles below 75 deg; above 50 W/m2.",
            "QCRad closure (Long and Shi 2008); nearer to the horizon the mean of an hour has no one angle.",
            "cos_zenith > 0.2588 AND diffuse_radiation + direct_normal_irradiance * cos_zenith > 50 AND shortwave_radiation NOT BETWEEN "
            + "0.92 * (diffuse_radiation + direct_normal_irradiance * cos_zenith) "
            + "AND 1.08 * (diffuse_radiation + direct_normal_irradiance * cos_zenith)"),
        new("SUN_MISPLACED", Severity.Bad,
            "The radiation above the atmosphere is not that of this place and hour: coordinates or stamps are wrong.",
            "5 % and 10 W/m2 from the extraterrestrial radiation that we compute, while the sun is 10 deg high or more.",
            "Solar constant and sun position (Almanac); measured: all recorded hours of that sun are within half of it.",
            "cos_zenith > 0.1736 AND abs(terrestrial_radiation - dni_limit * cos_zenith) > 10 + 0.05 * dni_limit * cos_zenith"),
        new("DEW_POINT_ABOVE_TEMPERATURE", Severity.Warning, "Air cannot hold that much water.",
            "Half a degree.", "Rounding of both.", "dew_point_2m > temperature_2m + 0.5"),
        new("WET_BULB_OUT_OF_RANGE", Severity.Warning, "The wet-bulb temperature lies between dew point and temperature.",
            "Half a degree beyond either.", "Thermodynamics of moist air (WMO-No. 8, 2021, annex 4.A); rounding of all three.",
            "wet_bulb_temperature_2m > temperature_2m + 0.5 OR wet_bulb_temperature_2m < dew_point_2m - 0.5"),
        new("GUST_BELOW_WIND", Severity.Warning, "A gust is the highest wind of its hour, so it is not below the mean.",
            "3.6 km/h (1 m/s) below the speed.", "Definition of a gust (WMO-No. 8, 2021); model output rounds both.",
            "wind_gusts_10m < wind_speed_10m - 3.6"),
        Jump("temperature_2m", 20, "deg C",
            "Sharpest southerly changes in Australia take 15 to 20 deg C within an hour (Bureau of Meteorology)"),
        Jump("dew_point_2m", 25, "deg C", "As the temperature, and a dry line on top"),
        Jump("pressure_msl", 15, "hPa", "The eye wall of a severe cyclone passes with some 10 hPa an hour"),
        Jump("wind_speed_10m", 72, "km/h",
            "20 m/s between two values (Zahumensky, WMO guidelines on quality control of automatic stations, 2004)"),
        Stuck("temperature_2m", 12), Stuck("dew_point_2m", 12), Stuck("pressure_msl", 12), Stuck("wind_speed_10m", 12),
        new("SHORTWAVE_RADIATION_STUCK", Severity.Warning, "Global radiation keeps one value while the sun moves.",
            "4 hours of one value above 10 W/m2.",
            "No-observed-change limit (Meek and Hatfield 1994); no two neighbouring hours recorded are equal.",
            "shortwave_radiation > 10 AND shortwave_radiation_run >= 4"),
    ];

    private static ColumnContract OverHour(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the hour.", "W/m²");

    private static ColumnContract BothEnds(string name, string unit, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the values at both ends of the hour.", unit);

    private static QualityRule Jump(string column, double most, string unit, string source) =>
        new($"{column.ToUpperInvariant()}_JUMPS", Severity.Warning,
            $"{column} changes more between the two ends of the hour than weather does.",
            $"{most} {unit} in an hour.", $"{source}.", $"abs({column}_change) > {most}");

    private static QualityRule Stuck(string column, int hours) =>
        new($"{column.ToUpperInvariant()}_STUCK", Severity.Warning,
            $"{column} keeps one value to the last digit, as a stuck sensor or a repeated answer does.",
            $"{hours} hours of one value.", "No-observed-change limit (Meek and Hatfield 1994); the longest recorded run is 5 hours.",
            $"{column}_run > {hours}");

    private static QualityRule Bounds(string column, string low, string high, string source) =>
        new($"{column.ToUpperInvariant()}_OUT_OF_BOUNDS", Severity.Bad, $"{column} is physically impossible.",
            $"{low} to {high}.", $"{source}.", $"{column} < {low} OR {column} > {high}");
}
