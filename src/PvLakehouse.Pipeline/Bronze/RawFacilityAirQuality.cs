using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>bronze.raw_facility_air_quality: air quality at farms as Open-Meteo told it.</summary>
internal static class RawFacilityAirQuality
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "bronze",
        Name = "raw_facility_air_quality",
        Grain = "One facility and hourly stamp as seen in one ingest.",
        Sources = [SourceNames.AirQuality],
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("latitude", "double", "Latitude asked for.", "°"),
            ColumnContract.Required("longitude", "double", "Longitude asked for.", "°"),
            ColumnContract.Required("date", "string", "The stamp as sent (GMT)."),
            Pollutant("pm2_5", "Particles below 2.5 µm"),
            Pollutant("pm10", "Particles below 10 µm"),
            Pollutant("dust", "Mineral dust"),
            Pollutant("nitrogen_dioxide", "Nitrogen dioxide"),
            Pollutant("ozone", "Ozone"),
            Pollutant("sulphur_dioxide", "Sulphur dioxide"),
            Pollutant("carbon_monoxide", "Carbon monoxide"),
            ColumnContract.Optional("uv_index", "double", "UV index, at the stamp.", "1"),
            ColumnContract.Optional("uv_index_clear_sky", "double", "UV index under a clear sky, at the stamp.", "1"),
            ColumnContract.Required("air_timestamp", "timestamptz", "The stamp as a true instant."),
            ColumnContract.Required("air_date", "date", "UTC calendar day of the stamp."),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code", "air_timestamp"],
    };

    public static BronzeSeries Series { get; } =
        new(Contract, "air_timestamp", ["facility_code", "air_timestamp"], ["facility_name", "date", "air_date"]);

    private static ColumnContract Pollutant(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, at the stamp.", "µg/m³");
}
