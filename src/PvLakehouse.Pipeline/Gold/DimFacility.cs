using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_facility: the farms as they are now, under keys that never change.</summary>
internal static class DimFacility
{
    /// <summary>Key of the unknown member.</summary>
    public const int Unknown = 0;

    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_facility",
        Grain = "One facility; key 0 is the unknown facility.",
        Columns =
        [
            ColumnContract.Required("facility_key", "int", "Surrogate key, given once and never changed; 0 is the unknown facility."),
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Required("facility_name", "string", "Name of the farm."),
            ColumnContract.Optional("network_id", "string", "Electricity market: NEM or WEM."),
            ColumnContract.Optional("network_region", "string", "Market region: NSW1, QLD1, SA1, TAS1, VIC1 or WEM."),
            ColumnContract.Optional("region", "string", "Australian state of the farm."),
            ColumnContract.Optional("technology", "string", "Fuel technologies of the units, for example solar_utility."),
            ColumnContract.Optional("unit_count", "int", "Number of solar units."),
            ColumnContract.Optional("unit_status", "string", "Statuses and counts of the units."),
            ColumnContract.Optional("timezone_name", "string", "IANA zone of the farm's wall clock."),
            ColumnContract.Optional("location_lat", "decimal(10,6)", "Latitude, WGS 84, north positive.", "°"),
            ColumnContract.Optional("location_lng", "decimal(10,6)", "Longitude, WGS 84, east positive.", "°"),
            ColumnContract.Optional("capacity_mw", "decimal(10,4)", "AC capacity: maximum capacity, registered where none is known.", "MW"),
            ColumnContract.Optional("total_capacity_mw", "decimal(10,4)", "Registered capacity, maximum where none is registered.", "MW"),
            ColumnContract.Optional("total_capacity_registered_mw", "decimal(10,4)", "Registered capacity, close to DC nameplate.", "MW"),
            ColumnContract.Optional("total_capacity_maximum_mw", "decimal(10,4)", "Maximum capacity, the AC limit.", "MW"),
        ],
        Key = ["facility_key"],
        SortedBy = ["facility_key"],
    };
}
