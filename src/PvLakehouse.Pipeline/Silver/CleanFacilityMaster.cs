using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_facility_master: farms and how their metadata changed (SCD type 2).</summary>
internal static class CleanFacilityMaster
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_facility_master",
        Grain = "One facility and one period in which its metadata stayed the same.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Required("network_id", "string", "Electricity market: NEM or WEM.").OneOf("NEM", "WEM"),
            ColumnContract.Optional("network_region", "string", "Market region: NSW1, QLD1, SA1, TAS1, VIC1 or WEM."),
            ColumnContract.Optional("state", "string", "Australian state of the region, for example New South Wales."),
            ColumnContract.Optional("timezone_name", "string", "IANA zone of the farm's wall clock; null when the region is unknown."),
            ColumnContract.Optional("location_lat", "decimal(10,6)", "Latitude, WGS 84, north positive.", "°"),
            ColumnContract.Optional("location_lng", "decimal(10,6)", "Longitude, WGS 84, east positive.", "°"),
            ColumnContract.Required("unit_count", "int", "Number of solar units."),
            ColumnContract.Optional("unit_codes", "string", "Codes of the solar units, separated by commas."),
            ColumnContract.Optional("total_capacity_mw", "decimal(10,4)",
                "Registered capacity, maximum capacity where none is registered.", "MW"),
            ColumnContract.Optional("total_capacity_registered_mw", "decimal(10,4)", "Registered capacity, close to DC nameplate.", "MW"),
            ColumnContract.Optional("total_capacity_maximum_mw", "decimal(10,4)", "Maximum capacity, the AC limit.", "MW"),
            ColumnContract.Optional("unit_fueltech_summary", "string", "Fuel technologies and counts."),
            ColumnContract.Optional("unit_status_summary", "string", "Statuses and counts."),
            ColumnContract.Optional("facility_description", "string", "Description as sent, may hold HTML."),
            ColumnContract.Required("effective_from", "timestamptz", "First ingest that saw these values."),
            ColumnContract.Optional("effective_to", "timestamptz", "First ingest that saw other values; null while current."),
            ColumnContract.Required("is_current", "boolean", "Whether this is the newest row of the facility."),
            ColumnContract.Required("completeness_pct", "double", "Share of location, region and capacity that is known.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "effective_from"],
        SortedBy = ["facility_code", "effective_from"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("CAPACITY_INVALID", Severity.Bad, "No capacity is known, so no figure can be related to it.",
            "Above 0 MW.", "Definition of capacity factor and yield (IEC 61724-1, 2021).",
            "total_capacity_mw IS NULL OR total_capacity_mw <= 0"),
        new("LOCATION_MISSING", Severity.Bad, "No coordinates, so no weather and no sun position.",
            "Both coordinates known.", "What Open-Meteo and the sun position need.", "location_lat IS NULL OR location_lng IS NULL"),
        new("LOCATION_OUTSIDE_AUSTRALIA", Severity.Bad, "The coordinates are not in Australia.",
            "Latitude -44 to -9, longitude 112 to 155.", "Mainland and Tasmania (Geoscience Australia).",
            "location_lat NOT BETWEEN -44 AND -9 OR location_lng NOT BETWEEN 112 AND 155"),
        new("REGION_UNKNOWN", Severity.Warning, "The market region is none that we know, so the local clock is unknown.",
            "NSW1, QLD1, SA1, TAS1, VIC1 or WEM.", "Regions of AEMO's two markets.", "timezone_name IS NULL"),
        new("LOCATION_OUTSIDE_REGION", Severity.Bad, "The coordinates are not in the state of the market region: one of the two is wrong.",
            "The box of the state.", "Extreme points of the states (Geoscience Australia), to a tenth of a degree.", "NOT is_in_region"),
        new("LOCATION_SHARED", Severity.Warning, "Another farm, whose name is no form of this one's, has the same coordinates.",
            "Coordinates of its own; stages of one farm may share them.", "The register's coordinates are those of one farm.",
            "shares_place"),
        new("CODE_LISTED_TWICE", Severity.Warning, "One answer of the register held the code more than once; one of its entries was taken.",
            "Once an answer.", "The code identifies a farm (OpenElectricity v4).", "times_listed > 1"),
        new("CAPACITY_CHANGED", Severity.Warning, "The capacity differs from that of the period before, so limits and yields jump.",
            "1 % of the capacity before.", "Registered capacity is rounded to 0.1 MW; a change is an extension or a mistake.",
            "abs(total_capacity_mw - capacity_before) > 0.01 * capacity_before"),
        new("CAPACITY_MAXIMUM_MISSING", Severity.Warning, "The AC limit is unknown, so the registered capacity stands in for it.",
            "A maximum capacity.", "Clipping and hourly limits are those of the AC side (IEC 61724-1, 2021).",
            "total_capacity_maximum_mw IS NULL AND total_capacity_registered_mw > 0"),
        new("CAPACITY_IMPLAUSIBLE", Severity.Warning, "Registered and maximum capacity do not belong to one farm.",
            "Registered 0.8 to 2 times maximum capacity.",
            "DC/AC ratios of Australian farms are 1.1 to 1.5; the AC limit listed twice is 1.",
            "total_capacity_registered_mw NOT BETWEEN 0.8 * total_capacity_maximum_mw AND 2 * total_capacity_maximum_mw"),
    ];
}
