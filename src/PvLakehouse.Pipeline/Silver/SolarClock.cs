using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Silver;

/// <summary>silver.solar_clock: whether the time stamps of a farm's energy agree with the sun, month by month.</summary>
/// <remarks>
/// The sun is the one clock that no provider can set: the middle of a day's energy must lie where the weather, which has its own
/// clock, puts it. A farm whose modules face one side keeps a constant offset; only a changed one, or one beyond what mounting does,
/// betrays the stamps.
/// </remarks>
internal static class SolarClock
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "silver",
        Name = "solar_clock",
        Grain = "One facility and one calendar month of market time.",
        Columns =
        [
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Required("month", "date", "First day of the month, market time."),
            ColumnContract.Required("days_known", "long", "Days with energy."),
            ColumnContract.Required("days_used", "long", "Days whose noon could be told: lit, with weather, neither held back nor broken."),
            ColumnContract.Optional("noon_offset_h", "double",
                "Median of the days' noon offsets: middle of the energy minus middle of the expected energy; positive is late.", "h"),
            ColumnContract.Optional("noon_offset_spread_h", "double", "Interquartile range of the days' noon offsets by 1.349.", "h"),
            ColumnContract.Required("shifted_days", "long",
                "Days whose week around them is off by more than 0.25 h and by more than 2.5 times its standard error."),
            ColumnContract.Optional("step_h", "double",
                "noon_offset_h minus that of the month before; null when fewer than five days of that one could be used.", "h"),
            ColumnContract.Optional("dawn_excess_pct", "double",
                "Energy above the expected one in the mornings with the sun below 15 deg, night included, by the month's energy.", "%"),
            ColumnContract.Optional("dusk_excess_pct", "double",
                "The same in the evenings; far above the mornings it betrays repeated or smeared values.", "%"),
            ColumnContract.Required("completeness_pct", "double", "days_used by days_known.", "%"),
            .. QualityColumns.Verdict,
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_code", "month"],
        SortedBy = ["facility_code", "month"],
    };

    public static IReadOnlyList<QualityRule> Rules { get; } =
    [
        new("CLOCK_SHIFTED", Severity.Warning, "The month's energy is early or late against the sun and the weather.",
            "noon_offset_h beyond 0.25 h with five used days or more, or five days whose week is off by that and by 2.5 standard errors.",
            "Right clocks scatter by 0.05 h from month to month (measured); 2.5 standard errors leave 1 % of a normal distribution.",
            "(days_used >= 5 AND abs(noon_offset_h) > 0.25) OR shifted_days >= 5"),
        new("CLOCK_STEP", Severity.Warning, "The offset of noon changed from one month to the next.",
            "0.2 h between two months of five used days.", "Mounting does not change; four times the scatter of right clocks.",
            "days_used >= 5 AND abs(step_h) > 0.2"),
        new("DUSK_DAWN_ASYMMETRY", Severity.Warning,
            "Much more energy than expected on one side of the day only: stamps or values are smeared.",
            "2 % of the month's energy between dawn and dusk.",
            "Dawn and dusk of one sky are alike; recorded frozen evenings give several per cent.",
            "abs(dusk_excess_pct - dawn_excess_pct) > 2"),
        new("CLOCK_UNKNOWN", Severity.Information, "Too few days to tell the month's noon.",
            "Fewer than five used days.", "The median of five days scatters by about 0.1 h.", "days_used < 5"),
    ];
}
