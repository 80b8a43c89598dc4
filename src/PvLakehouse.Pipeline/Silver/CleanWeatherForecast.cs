using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_weather_forecast: weather per farm and hour as it was forecast, aligned with energy.</summary>
internal static class CleanWeatherForecast
{
    /// <summary>How long after its start a run of a global weather model can be asked for [h].</summary>
    /// <remarks>ECMWF's run of midnight is complete at 06:55 UTC, the GFS and ACCESS-G are earlier (ECMWF dissemination schedule, 2025).</remarks>
    public const int AvailabilityHours = 7;

    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_weather_forecast",
        Grain = "One facility, one UTC hour and one number of days ahead.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("date_hour", "timestamptz",
                "Start of the hour that is forecast; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Required("lead_days", "int", "So many days ahead the forecast was made.", "d"),
            ColumnContract.Required("issued_at", "timestamptz",
                "Latest start of the model runs that had a part in the row: lead_days before the end of the hour."),
            ColumnContract.Required("known_at", "timestamptz",
                $"When the row could be known: {AvailabilityHours} h after issued_at, for the runs take their time."),
            OverHour("shortwave_radiation", "Global horizontal irradiance"),
            OverHour("direct_radiation", "Direct irradiance on the horizontal"),
            OverHour("diffuse_radiation", "Diffuse horizontal irradiance"),
            BothEnds("temperature_2m", "°C", "Air temperature at 2 m"),
            BothEnds("dew_point_2m", "°C", "Dew point at 2 m"),
            BothEnds("cloud_cover", "%", "Total cloud cover"),
            BothEnds("cloud_cover_low", "%", "Low cloud cover"),
            BothEnds("cloud_cover_mid", "%", "Middle cloud cover"),
            BothEnds("cloud_cover_high", "%", "High cloud cover"),
            ColumnContract.Optional("precipitation", "double", "Precipitation in the hour.", "mm"),
            BothEnds("wind_speed_10m", "km/h", "Wind speed at 10 m"),
            ColumnContract.Optional("clear_sky_radiation", "double",
                "Global horizontal irradiance without clouds (Haurwitz 1946), mean of the hour.", "W/m²"),
            ColumnContract.Optional("poa_irradiance", "double", $"Irradiance on the plane of array (Hay and Davies 1980), mean of the "
                + $"hour; plane assumed for every farm: {AssumedPlane.Name}.", "W/m²"),
            ColumnContract.Optional("module_temperature", "double", "Temperature of the modules on that plane (Faiman 2008).", "°C"),
            ColumnContract.Required("completeness_pct", "double", "Share of the forecast columns that have a value.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "date_hour", "lead_days"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_code", "lead_days", "date_hour"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("FORECAST_INCOMPLETE", Severity.Warning, "Some columns of the forecast have no value.",
            "All columns known.", "The columns that are asked for.", "completeness_pct < 100"),
        Bounds("shortwave_radiation", "0", "ghi_limit", "QCRad physical limit 1.5 I0 cos^1.2 + 100 W/m2 (Long and Shi 2008)"),
        Bounds("diffuse_radiation", "0", "dhi_limit", "QCRad physical limit 0.95 I0 cos^1.2 + 50 W/m2 (Long and Shi 2008)"),
        Bounds("direct_radiation", "0", "dni_limit", "cannot exceed I0"),
        Bounds("temperature_2m", "-35", "50", "pvanalytics weather limits"),
        Bounds("cloud_cover", "0", "100", "Definition as a share in per cent"),
        Bounds("wind_speed_10m", "0", "180", "50 m/s in the km/h that are sent, pvanalytics"),
    ];

    private static ColumnContract OverHour(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the hour.", "W/m²");

    private static ColumnContract BothEnds(string name, string unit, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the values at both ends of the hour.", unit);

    private static QualityRule Bounds(string column, string low, string high, string source) =>
        new($"FORECAST_{column.ToUpperInvariant()}_OUT_OF_BOUNDS", Severity.Bad, $"{column} is physically impossible.",
            $"{low} to {high}.", $"{source}.", $"{column} < {low} OR {column} > {high}");
}
