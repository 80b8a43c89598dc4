using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>bronze.raw_facilities: farm metadata as OpenElectricity told it.</summary>
internal static class RawFacilities
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "bronze",
        Name = "raw_facilities",
        Grain = "One facility as seen in one ingest.",
        Sources = [SourceNames.Facilities],
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("network_id", "string", "Electricity market: NEM or WEM."),
            ColumnContract.Optional("network_region", "string", "Market region: NSW1, QLD1, SA1, TAS1, VIC1 or WEM."),
            ColumnContract.Optional("facility_created_at", "string", "When the provider created the record, as sent."),
            ColumnContract.Optional("facility_updated_at", "string", "When the provider last changed the record, as sent."),
            ColumnContract.Optional("location_lat", "double", "Latitude, WGS 84, north positive.", "°"),
            ColumnContract.Optional("location_lng", "double", "Longitude, WGS 84, east positive.", "°"),
            ColumnContract.Required("unit_count", "int", "Number of solar units."),
            ColumnContract.Optional("total_capacity_mw", "double",
                "Sum of registered capacity, or of maximum capacity where a unit has no registered one.", "MW"),
            ColumnContract.Optional("total_capacity_registered_mw", "double", "Sum of registered capacity, close to DC nameplate.", "MW"),
            ColumnContract.Optional("total_capacity_maximum_mw", "double", "Sum of maximum capacity, the AC limit.", "MW"),
            ColumnContract.Optional("total_capacity_storage_mwh", "double", "Sum of storage capacity.", "MWh"),
            ColumnContract.Optional("unit_fueltech_summary", "string", "Fuel technologies and counts, for example solar_utility:1."),
            ColumnContract.Optional("unit_status_summary", "string", "Statuses and counts, for example operating:2."),
            ColumnContract.Optional("unit_dispatch_summary", "string", "Dispatch types and counts, for example GENERATOR:1."),
            ColumnContract.Optional("unit_codes", "string", "Codes of the solar units, separated by commas."),
            ColumnContract.Optional("facility_description", "string", "Description as sent, may hold HTML."),
            .. IngestColumns.All,
        ],
        Partitioning = IngestColumns.Partitioning,
        SortedBy = ["facility_code"],
    };

    public static BronzeSeries Series { get; } = new(Contract, Stamp: null, ["facility_code"], []);
}
