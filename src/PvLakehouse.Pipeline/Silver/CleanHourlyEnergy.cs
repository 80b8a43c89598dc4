using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_hourly_energy: energy per farm and hour, units summed, newest ingest wins.</summary>
internal static class CleanHourlyEnergy
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_hourly_energy",
        Grain = "One facility and one UTC hour.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Optional("facility_name", "string", "Name of the farm."),
            ColumnContract.Optional("network_code", "string", "Network of the series."),
            ColumnContract.Optional("network_region", "string", "Market region."),
            ColumnContract.Required("date_hour", "timestamptz", "Start of the hour; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Optional("local_date_hour", "timestamp", "Civil wall clock at the farm at date_hour, daylight saving included."),
            ColumnContract.Optional("energy_mwh", "double", "Energy sent out in the hour, summed over the units; negative is auxiliary load.", "MWh"),
            ColumnContract.Required("intervals_count", "long", "Intervals with a value, over all units."),
            ColumnContract.Required("expected_intervals", "long", "Intervals the hour should have, over all units."),
            ColumnContract.Required("completeness_pct", "double", "intervals_count by expected_intervals.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "date_hour"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_code", "date_hour"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("ENERGY_MISSING", Severity.Bad, "The provider sent no value for the hour.",
            "At least one interval.", "The farm's hour grid.", "energy_mwh IS NULL"),
        new("PARTIAL_HOUR", Severity.Warning, "Some intervals or units of the hour are missing.",
            "All expected intervals.", "Units of the facility master.", "energy_mwh IS NOT NULL AND completeness_pct < 100"),
        new("NEGATIVE_ENERGY", Severity.Bad, "More negative than a farm's own consumption can be.",
            "-3 % of AC capacity x 1 h.", "Transformers, trackers and inverters at night take less (measured); smaller negative values are real.",
            "energy_mwh < -0.03 * ac_capacity_mw"),
        new("OVER_CAPACITY", Severity.Bad, "More energy than the grid connection lets through.",
            "1.01 x AC capacity x 1 h.", "Measured: honest data stay below.",
            "energy_mwh > 1.01 * ac_capacity_mw"),
        new("NIGHT_ENERGY", Severity.Bad, "Energy while the sun is below the horizon for the whole hour.",
            "Highest sun of the hour below -1 deg and energy above 0.5 % of AC capacity.", "Measured; the sun's disc and twilight reach 0.83 deg below the horizon.",
            "sun_elevation_max < -1 AND energy_mwh > 0.005 * ac_capacity_mw"),
        new("CAPACITY_UNKNOWN", Severity.Warning, "The farm's capacity is unknown, so limits could not be checked.",
            "A capacity in the facility master.", "What the limits are multiples of.", "ac_capacity_mw IS NULL"),
    ];
}
