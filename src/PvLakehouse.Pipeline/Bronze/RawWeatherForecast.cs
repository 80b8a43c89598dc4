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
            .. RawFacilityWeather.Contract.Pick("facility_code", "facility_name", "latitude", "longitude", "date"),
            ColumnContract.Required("lead_days", "int", "So many days before the stamp the newest run was the one that forecast this.", "d"),
            .. RawFacilityWeather.Contract.Pick(
                "shortwave_radiation", "direct_radiation", "diffuse_radiation", "temperature_2m", "dew_point_2m", "cloud_cover", "cloud_cover_low",
                "cloud_cover_mid", "cloud_cover_high", "precipitation", "wind_speed_10m", "weather_timestamp", "weather_date"),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code", "lead_days", "weather_timestamp"],
    };

    public static BronzeSeries Series { get; } = new(
        Contract, "weather_timestamp", ["facility_code", "lead_days", "weather_timestamp"], ["facility_name", "date", "weather_date"]);
}
