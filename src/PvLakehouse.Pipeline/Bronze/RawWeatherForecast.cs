using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>bronze.raw_weather_forecast: weather at farms as Open-Meteo had forecast it.</summary>
internal static class RawWeatherForecast
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "bronze",
        Name = "raw_weather_forecast",
        Grain = "One facility, hourly stamp and number of days ahead as seen in one ingest.",
        Sources = [SourceNames.WeatherPreviousRuns],
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("latitude", "double", "Latitude asked for.", "°"),
            ColumnContract.Required("longitude", "double", "Longitude asked for.", "°"),
            ColumnContract.Required("date", "string", "The stamp as sent (GMT)."),
            ColumnContract.Required("lead_days", "int", "So many days before the stamp the newest run was the one that forecast this.", "d"),
            Mean("shortwave_radiation", "Global horizontal irradiance"),
            Mean("direct_radiation", "Direct irradiance on the horizontal"),
            Mean("diffuse_radiation", "Diffuse horizontal irradiance"),
            Now("temperature_2m", "°C", "Air temperature at 2 m"),
            Now("dew_point_2m", "°C", "Dew point at 2 m"),
            Now("cloud_cover", "%", "Total cloud cover"),
            Now("cloud_cover_low", "%", "Low cloud cover"),
            Now("cloud_cover_mid", "%", "Middle cloud cover"),
            Now("cloud_cover_high", "%", "High cloud cover"),
            ColumnContract.Optional("precipitation", "double", "Precipitation, sum of the hour BEFORE the stamp.", "mm"),
            Now("wind_speed_10m", "km/h", "Wind speed at 10 m"),
            ColumnContract.Required("weather_timestamp", "timestamptz", "The stamp as a true instant."),
            ColumnContract.Required("weather_date", "date", "UTC calendar day of the stamp."),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code", "lead_days", "weather_timestamp"],
    };

    public static BronzeSeries Series { get; } = new(
        Contract, "weather_timestamp", ["facility_code", "lead_days", "weather_timestamp"], ["facility_name", "date", "weather_date"]);

    private static ColumnContract Mean(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the hour BEFORE the stamp.", "W/m²");

    private static ColumnContract Now(string name, string unit, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, at the stamp.", unit);
}
