using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

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
            .. CleanHourlyWeather.Contract.Pick("facility_code", "facility_name"),
            ColumnContract.Required("date_hour", "timestamptz",
                "Start of the hour that is forecast; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Required("lead_days", "int", "So many days ahead the forecast was made.", "d"),
            ColumnContract.Required("issued_at", "timestamptz",
                "Latest start of the model runs that had a part in the row: lead_days before the end of the hour."),
            ColumnContract.Required("known_at", "timestamptz",
                $"When the row could be known: {AvailabilityHours} h after issued_at, for the runs take their time."),
            .. CleanHourlyWeather.Contract.Pick(
                "shortwave_radiation", "direct_radiation", "diffuse_radiation", "temperature_2m", "dew_point_2m", "cloud_cover", "cloud_cover_low",
                "cloud_cover_mid", "cloud_cover_high", "precipitation", "wind_speed_10m", "clear_sky_radiation", "poa_irradiance", "module_temperature"),
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

    private static QualityRule Bounds(string column, string low, string high, string source) =>
        new($"FORECAST_{column.ToUpperInvariant()}_OUT_OF_BOUNDS", Severity.Bad, $"{column} is physically impossible.",
            $"{low} to {high}.", $"{source}.", $"{column} < {low} OR {column} > {high}");
}
