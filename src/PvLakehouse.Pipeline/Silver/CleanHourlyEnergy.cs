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
            ColumnContract.Optional("energy_mwh", "double",
                "Energy sent out in the hour, summed over the units; negative is auxiliary load.", "MWh"),
            ColumnContract.Required("intervals_count", "long", "Intervals with a value, over all units."),
            ColumnContract.Required("expected_intervals", "long", "Intervals the hour should have, over all units."),
            ColumnContract.Optional("network_date", "date", "Calendar day of the market's clock (NEM UTC+10, WEM UTC+8)."),
            ColumnContract.Optional("ac_capacity_mw", "double",
                "AC capacity of the time: maximum capacity, registered where none is known.", "MW"),
            ColumnContract.Optional("sun_elevation_min", "double", "Lowest elevation of the sun in the hour.", "°"),
            ColumnContract.Optional("sun_elevation_max", "double", "Highest elevation of the sun in the hour.", "°"),
            ColumnContract.Optional("energy_limit_mwh", "double",
                "Most that modules which always face the sun could deliver under the cleanest sky, clipped at the AC capacity.", "MWh"),
            ColumnContract.Optional("expected_energy_mwh", "double",
                "What the hour's weather lets expect (PVWatts, Dobos 2014), null without valid weather: DC nameplate, 1.2 x AC where not " +
                    "known, clipped at AC capacity.", "MWh"),
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
            "-3 % of AC capacity x 1 h.",
            "Transformers, trackers and inverters at night take less (measured); smaller negative values are real.",
            "energy_mwh < -0.03 * ac_capacity_mw"),
        new("OVER_CAPACITY", Severity.Bad, "More energy than the grid connection lets through.",
            "1.01 x AC capacity x 1 h.", "Measured: honest data stay below.",
            "energy_mwh > 1.01 * ac_capacity_mw"),
        new("OVER_NAMEPLATE", Severity.Veto, "More energy than the modules can make.",
            "1.1 x the larger of module and AC capacity x 1 h.",
            "Nameplate is 1000 W/m2 at 25 deg C; hourly means stay below it by losses and heat (IEC 61724-1, 2021).",
            "energy_mwh > 1.1 * greatest(ac_capacity_mw, dc_capacity_mw)"),
        new("SPIKE", Severity.Bad, "One interval within the hour is beyond what the modules can make.",
            "Mean power of a 5- or 30-minute interval above 1.1 x the larger of module and AC capacity.",
            "As OVER_NAMEPLATE; an hourly value hides it.",
            "intervals_per_unit > 1 AND peak_mw > 1.1 * greatest(ac_capacity_mw, dc_capacity_mw)"),
        new("ABOVE_CLEAR_SKY", Severity.Veto, "More energy than the cleanest sky allows while the sun is low.",
            "energy_limit_mwh: Ineichen with turbidity 1.8, cloud edges 25 %, modules facing the sun, 1.5 module to AC capacity; " +
                "hours of FROZEN_VALUES excepted.",
            "Ineichen and Perez 2002; cloud enhancement of hourly means stays below 25 %.",
            "sun_elevation_max >= -1 AND energy_mwh <= 1.01 * ac_capacity_mw AND is_impossible AND NOT is_frozen"),
        new("NIGHT_ENERGY", Severity.Bad, "Energy while the sun is below the horizon for the whole hour.",
            "Highest sun of the hour below -1 deg and energy above 0.5 % of AC capacity.",
            "Measured; the sun's disc and twilight reach 0.83 deg below the horizon.",
            "sun_elevation_max < -1 AND energy_mwh > 0.005 * ac_capacity_mw"),
        new("NIGHT_GENERATION", Severity.Veto, "So much energy at night that the farm's day cannot be what its meter saw.",
            "Highest sun of the hour below -1 deg and energy above 10 % of AC capacity; hours of FROZEN_VALUES excepted, which say " +
                "nothing about the rest of the day.",
            "Threshold of OpenElectricity's own monitor of solar at night.",
            "sun_elevation_max < -1 AND energy_mwh > 0.1 * ac_capacity_mw AND NOT is_frozen"),
        new("FROZEN_VALUES", Severity.Bad, "The feed stopped and its last value repeats into hours in which it cannot be.",
            "Equal values, or k twelfths of the hour before, in two hours or more, one of them above energy_limit_mwh; or above " +
                "energy_limit_mwh from sunset on, hour after hour, without a rise; none after a value above the limit of OVER_CAPACITY, " +
                "which was no measured one.",
            "Flat alone proves nothing: clipping and setpoints are flat (OpenElectricity's monitor); recorded evenings repeat the " +
                "last five minutes until 20:55.",
            "is_frozen"),
        new("OUTAGE", Severity.Warning, "No energy under sun while other farms of the region deliver.",
            "At most 0.5 % of AC capacity where the weather lets expect 10 %, or the sun is 15 deg high; fewer than two or a tenth of " +
                "the region's farms held back.",
            "Availability idea of RdTools (Jordan et al. 2018).",
            "is_zero_under_sun AND NOT is_region_held_back AND peers >= 2"),
        new("ZERO_UNDER_SUN", Severity.Warning, "No energy under sun, and too few farms in the region to tell an outage from curtailment.",
            "As OUTAGE, with fewer than two other farms.", "As OUTAGE.",
            "is_zero_under_sun AND NOT is_region_held_back AND peers < 2"),
        new("CURTAILED", Severity.Warning, "The farm was held back: a true value, but no measure of what it could deliver.",
            "Below what the weather lets expect and flat (0.05 % of AC capacity over two hours, 0.5 % over three), or zero, or below " +
                "half of what it lets expect, together with two and a tenth of the region's other farms.",
            "Economic curtailment is regional, a setpoint is flat (WattClarity; OpenElectricity issues 41, 433, 501).",
            "is_flat_below OR (is_region_held_back AND (is_zero_under_sun OR (is_sunny AND energy_mwh < 0.5 * expected_energy_mwh)))"),
        new("CLIPPED", Severity.Information, "The inverters or the connection stood at their limit.",
            "99.8 % of AC capacity to the limit of OVER_CAPACITY; from 98 % where the hour before or after is level with it (0.05 % of " +
                "AC capacity).",
            "Normal operation of farms with more modules than AC capacity; level tops as in RdTools' clipping filters. Recorded farms " +
                "hold limits at 98.8 to 99.2 %, level to 0.04 %.",
            "energy_mwh >= CASE WHEN is_level THEN 0.98 ELSE 0.998 END * ac_capacity_mw AND energy_mwh <= 1.01 * ac_capacity_mw " +
                "AND NOT is_impossible"),
        new("CAPACITY_UNKNOWN", Severity.Warning, "The farm's capacity is unknown, so limits could not be checked.",
            "A capacity in the facility master.", "What the limits are multiples of.", "ac_capacity_mw IS NULL"),
    ];
}
