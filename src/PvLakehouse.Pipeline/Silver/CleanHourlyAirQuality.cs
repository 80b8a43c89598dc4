using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_hourly_air_quality: air quality per farm and hour with the US EPA index.</summary>
internal static class CleanHourlyAirQuality
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_hourly_air_quality",
        Grain = "One facility and one UTC hour.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("date_hour", "timestamptz", "Start of the hour; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Optional("local_date_hour", "timestamp", "Civil wall clock at the farm at date_hour, daylight saving included."),
            Pollutant("pm2_5", "Particles below 2.5 µm"),
            Pollutant("pm10", "Particles below 10 µm"),
            Pollutant("dust", "Mineral dust"),
            Pollutant("nitrogen_dioxide", "Nitrogen dioxide"),
            Pollutant("ozone", "Ozone"),
            Pollutant("sulphur_dioxide", "Sulphur dioxide"),
            Pollutant("carbon_monoxide", "Carbon monoxide"),
            ColumnContract.Optional("uv_index", "double", "UV index, mean of the values at both ends of the hour.", "1"),
            ColumnContract.Optional("uv_index_clear_sky", "double",
                "UV index under a clear sky, mean of the values at both ends of the hour.", "1"),
            ColumnContract.Optional("pm2_5_nowcast", "double",
                "US EPA NowCast of PM2.5 over the last 12 hours; null unless two of the last three hours are known.", "µg/m³"),
            ColumnContract.Optional("aqi_value", "int",
                "Air Quality Index of the PM2.5 NowCast, US EPA breakpoints of May 2024.", "0..500"),
            ColumnContract.Optional("aqi_category", "string", "Category of the index, as in gold.dim_aqi_category."),
            ColumnContract.Required("completeness_pct", "double", "Share of the nine measured columns that have a value.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "date_hour"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_code", "date_hour"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("AIR_QUALITY_INCOMPLETE", Severity.Warning, "Some pollutants have no value.",
            "All columns known.", "The columns that are asked for.", "completeness_pct < 100"),
        Bounds("pm2_5", 1000, "CAMS global peaks in bushfire smoke stay below"),
        Bounds("pm10", 5000, "strongest Australian dust storm on record (Sydney 2009) reached some 3,000 hourly"),
        Bounds("dust", 10000, "upper end of CAMS dust"),
        Bounds("nitrogen_dioxide", 2000, "ten times the WHO 1-hour guideline"),
        Bounds("ozone", 1000, "highest hours of the Los Angeles smog years"),
        Bounds("sulphur_dioxide", 10000, "smelter plumes"),
        Bounds("carbon_monoxide", 50000, "µg/m³ as sent, bushfire smoke stays below 50 mg/m³"),
        Bounds("uv_index", 25, "highest on record 43 in the Andes; Australia stays below 20"),
        Bounds("uv_index_clear_sky", 25, "as uv_index"),
        new("PM2_5_ABOVE_PM10", Severity.Warning, "Particles below 2.5 µm are a part of those below 10 µm.",
            "PM10, and 0.5 µg/m³ for rounding.", "Definition of PM10 and PM2.5 (US EPA, 40 CFR 50).", "pm2_5 > pm10 + 0.5"),
        new("UV_INDEX_ABOVE_CLEAR_SKY", Severity.Warning, "Clouds took no ultraviolet light away but added some.",
            "1.25 times the index under a clear sky, and 0.5.",
            "Enhancement by broken clouds reaches 25 % (Calbó et al., Reviews of Geophysics 43, 2005).",
            "uv_index > 1.25 * uv_index_clear_sky + 0.5"),
    ];

    private static ColumnContract Pollutant(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the values at both ends of the hour.", "µg/m³");

    private static QualityRule Bounds(string column, int high, string source) =>
        new($"{column.ToUpperInvariant()}_OUT_OF_BOUNDS", Severity.Bad, $"{column} is physically impossible.",
            $"0 to {high}.", $"{source}.", $"{column} < 0 OR {column} > {high}");
}
