using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.clean_daily_energy: what a farm's market day says as a whole, and whether it can be true.</summary>
internal static class CleanDailyEnergy
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "clean_daily_energy",
        Grain = "One facility and one day of market time, without holes from the farm's first day to the newest of its market.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Required("network_date", "date", "Calendar day of the market's clock (NEM UTC+10, WEM UTC+8)."),
            ColumnContract.Optional("network_region", "string", "Market region; null on a day without a single hour."),
            ColumnContract.Required("hours_expected", "long",
                "Hours the day should have: 24, fewer where the series begins or, for now, ends."),
            ColumnContract.Required("hours_sent", "long", "Hours that the provider sent, with a value or without."),
            ColumnContract.Required("hours_known", "long", "Hours with a value."),
            ColumnContract.Required("hours_missing", "long", "Hours that the day should have and nobody sent."),
            ColumnContract.Required("hours_bad", "long", "Hours with a value that breaks a BAD rule."),
            ColumnContract.Optional("energy_mwh", "double", "Energy of all hours with a value.", "MWh"),
            ColumnContract.Required("valid_energy_mwh", "double", "Energy of the hours that break no BAD rule.", "MWh"),
            ColumnContract.Optional("expected_energy_mwh", "double", "What the weather lets expect, over the hours that have both.", "MWh"),
            ColumnContract.Optional("energy_ratio", "double",
                "Energy over expected energy, over the hours that have both; null where the expected energy is below 0.2 h of AC capacity.",
                "1"),
            ColumnContract.Optional("typical_ratio", "double",
                "Median of energy_ratio over the 30 days before; null with fewer than seven of them.", "1"),
            ColumnContract.Optional("ratio_spread", "double",
                "How far the logarithm of the ratio usually lies from its median: interquartile range over the 30 days before by 1.349.",
                "1"),
            ColumnContract.Optional("relative_ratio", "double", "energy_ratio over typical_ratio, over 1 where none is known yet.", "1"),
            ColumnContract.Required("night_energy_mwh", "double", "Energy of the hours with the sun below -1 deg.", "MWh"),
            ColumnContract.Optional("dawn_excess_mwh", "double",
                "Energy above the expected one in the morning while the sun is below 15 deg.", "MWh"),
            ColumnContract.Optional("dusk_excess_mwh", "double",
                "Energy above the expected one in the evening while the sun is below 15 deg.", "MWh"),
            ColumnContract.Required("clipped_hours", "long", "Hours at the AC limit."),
            ColumnContract.Required("curtailed_hours", "long", "Hours held back by the market or the network."),
            ColumnContract.Required("outage_hours", "long", "Hours without energy under sun that curtailment does not explain."),
            ColumnContract.Required("frozen_hours", "long", "Hours whose value only repeats."),
            ColumnContract.Required("impossible_hours", "long", "Hours of daylight above AC capacity or clear sky."),
            ColumnContract.Optional("noon_offset_h", "double",
                "Middle of the valid energy minus middle of the expected energy; positive is late. Null on days held back, broken or dark.",
                "h"),
            ColumnContract.Optional("clock_offset_h", "double",
                "Median of noon_offset_h from three days before to three days after; null without energy and with fewer than four of them.",
                "h"),
            ColumnContract.Optional("clock_error_h", "double",
                "Standard error of clock_offset_h by the scatter of its week; a cloudy week scatters more.", "h"),
            ColumnContract.Required("completeness_pct", "double", "hours_known by hours_expected.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "network_date"],
        Partitioning = [new("network_date", "month")],
        SortedBy = ["facility_code", "network_date"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("GAP", Severity.Warning, "Hours of the day are missing.",
            "Every hour between the farm's first and the newest of its market.", "The hour grid of the market.",
            "hours_missing > 0 AND NOT (hours_known = 0 AND silent_days >= 3)"),
        new("SERIES_STOPPED", Severity.Bad, "The farm has sent nothing for days while its market goes on.",
            "Three days in a row without a value.", "Longer than any late publication of the markets (the WEM is a day late).",
            "hours_known = 0 AND silent_days >= 3"),
        new("DOUBLED_DAY", Severity.Veto, "About twice the energy that the weather and the farm's last month let expect.",
            "relative_ratio 1.6 to 3, and either more than four times the usual spread away, or an hour above capacity or clear sky; " +
                "or 1.2 and three such hours.",
            "A provider that counts a unit twice gives a factor of 2, times the error of the weather.",
            "relative_ratio BETWEEN 1.6 AND 3 AND (impossible_hours > 0 OR log_relative > 4 * greatest(ratio_spread, 0.03)) OR " +
                "relative_ratio BETWEEN 1.2 AND 3 AND impossible_hours >= 3"),
        new("UNIT_MIX_UP", Severity.Veto, "A thousand times too much or too little: kWh or GWh in place of MWh.",
            "relative_ratio 300 to 3000 or 0.0003 to 0.003, and the day keeps its shape.", "Factors of 1000 between the units.",
            "keeps_shape AND (relative_ratio BETWEEN 300 AND 3000 OR relative_ratio BETWEEN 0.0003 AND 0.003)"),
        new("FROZEN_EVENING", Severity.Warning,
            "The feed stopped in the evening and went on repeating its last value; those hours are BAD.",
            "An hour with FROZEN_VALUES, or energy with the sun below -15 deg.", "Recorded: repeated five-minute values until 20:55.",
            "frozen_hours > 0 OR deep_night_hours > 0"),
        new("CLOCK_SHIFTED", Severity.Information,
            "The energy of these days is early or late against the sun and the weather; their sums are right.",
            "clock_offset_h beyond 0.25 h.",
            "Monthly offsets of right clocks scatter by 0.05 h (measured), so five times that; the verdict on the farm is solar_clock's.",
            "abs(clock_offset_h) > 0.25"),
        new("OUTAGE", Severity.Warning, "The farm stood still under sun.",
            "An hour with OUTAGE or ZERO_UNDER_SUN.", "As the hour rules.", "outage_hours > 0"),
        new("CURTAILED", Severity.Warning, "The farm was held back, so the day is no measure of what it could deliver.",
            "An hour with CURTAILED.", "As the hour rule.", "curtailed_hours > 0"),
        new("CLIPPED", Severity.Information, "The inverters or the connection stood at their limit for part of the day.",
            "An hour with CLIPPED.", "As the hour rule.", "clipped_hours > 0"),
    ];
}
