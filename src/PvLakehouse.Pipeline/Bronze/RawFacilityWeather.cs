using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>bronze.raw_facility_weather: weather at farms as Open-Meteo told it.</summary>
internal static class RawFacilityWeather
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "bronze",
        Name = "raw_facility_weather",
        Grain = "One facility and hourly stamp as seen in one ingest.",
        Sources = [SourceNames.WeatherArchive, SourceNames.WeatherForecast],
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("latitude", "double", "Latitude asked for.", "°"),
            ColumnContract.Required("longitude", "double", "Longitude asked for.", "°"),
            ColumnContract.Required("date", "string", "The stamp as sent (GMT)."),
            Mean("shortwave_radiation", "Global horizontal irradiance"),
            Mean("direct_radiation", "Direct irradiance on the horizontal"),
            Mean("diffuse_radiation", "Diffuse horizontal irradiance"),
            Mean("direct_normal_irradiance", "Direct irradiance on a plane facing the sun"),
            Mean("terrestrial_radiation", "Irradiance at the top of the atmosphere on the horizontal"),
            Now("temperature_2m", "°C", "Air temperature at 2 m"),
            Now("dew_point_2m", "°C", "Dew point at 2 m"),
            Now("cloud_cover", "%", "Total cloud cover"),
            Now("cloud_cover_low", "%", "Low cloud cover"),
            Now("cloud_cover_mid", "%", "Middle cloud cover"),
            Now("cloud_cover_high", "%", "High cloud cover"),
            ColumnContract.Optional("precipitation", "double", "Precipitation, sum of the hour BEFORE the stamp.", "mm"),
            Now("is_day", "1", "1 by day, 0 by night"),
            ColumnContract.Optional("sunshine_duration", "double", "Sunshine in the hour BEFORE the stamp.", "s"),
            Now("total_column_integrated_water_vapour", "kg/m²", "Water vapour of the whole column"),
            Now("boundary_layer_height", "m", "Height of the boundary layer"),
            Now("wind_gusts_10m", "km/h", "Gusts at 10 m"),
            Now("wet_bulb_temperature_2m", "°C", "Wet-bulb temperature at 2 m"),
            Now("wind_speed_10m", "km/h", "Wind speed at 10 m"),
            Now("wind_direction_10m", "°", "Direction the wind comes from at 10 m, clockwise from north"),
            Now("pressure_msl", "hPa", "Air pressure reduced to mean sea level"),
            ColumnContract.Required("weather_timestamp", "timestamptz", "The stamp as a true instant."),
            ColumnContract.Required("weather_date", "date", "UTC calendar day of the stamp."),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code", "weather_timestamp"],
    };

    public static BronzeSeries Series { get; } =
        new(Contract, "weather_timestamp", ["facility_code", "weather_timestamp"], ["facility_name", "date", "weather_date"]);

    private static ColumnContract Mean(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of the hour BEFORE the stamp.", "W/m²");

    private static ColumnContract Now(string name, string unit, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, at the stamp.", unit);
}
