using PvLakehouse.Sandbox.Simulation.Faults;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>The lines of the scorecard.</summary>
internal static class FaultClasses
{
    private const double Noticeable = 0.05;
    private const string NoticeableText = "lowers the hour by 5 % of AC capacity or more";
    private const string DayText = "changes the day by a quarter of an hour at AC capacity or more";
    private const double OfDay = 0.25;

    public static IReadOnlyList<FaultClass> All { get; } =
    [
        new("outage", Granularity.Hour, ["OUTAGE", "ZERO_UNDER_SUN"], (world, label) => label.Kind is DataFaultKind.Outage && IsWhole(world, label))
        {
            VisibleFrom = Noticeable, WhatIsVisible = NoticeableText,
            // A thousandth of its energy is none to an hour; the day tells the two apart by its shape.
            AlsoRight = label => label.Kind is DataFaultKind.UnitMixUp,
        },
        new("curtailment", Granularity.Hour, ["CURTAILED"], (_, label) => label.Kind is DataFaultKind.CurtailmentEconomic or DataFaultKind.CurtailmentNetwork)
        {
            VisibleFrom = Noticeable, WhatIsVisible = NoticeableText,
            // Inverters that are left carry a flat top below what the weather lets expect, as a setpoint does.
            AlsoRight = label => label.Kind is DataFaultKind.PartialOutage,
        },
        new("clipping", Granularity.Hour, ["CLIPPED"], (_, label) => label.Kind is DataFaultKind.Clipping)
        {
            WhatIsVisible = "covers the whole hour",
        },
        new("freeze", Granularity.Hour, ["FROZEN_VALUES", "NIGHT_ENERGY"], (_, label) => label.Kind is DataFaultKind.FrozenEvening)
        {
            VisibleFrom = 0.01, WhatIsVisible = "covers the whole hour and changes it by 1 % of AC capacity or more",
        },
        new("doubling", Granularity.Day, ["DOUBLED_DAY"], (_, label) => label.Kind is DataFaultKind.DoubledDay)
        {
            VisibleFrom = OfDay, WhatIsVisible = DayText,
        },
        new("gap", Granularity.Hour, ["ENERGY_MISSING", "PARTIAL_HOUR", "GAP"], (_, label) => label.Kind is DataFaultKind.Gap)
        {
            WhatIsVisible = "an hour of a unit without any value",
            AlsoRight = label => label.Kind is DataFaultKind.Stopped,
        },
        new("series that stops", Granularity.Day, ["SERIES_STOPPED"], (_, label) => label.Kind is DataFaultKind.Stopped)
        {
            WhatIsVisible = "a day without any value",
        },
        new("shift by 30 min", Granularity.Month, ["CLOCK_SHIFTED"], (_, label) => label.Kind is DataFaultKind.ClockShift && Math.Abs(label.Magnitude) < 45)
        {
            WhatIsVisible = "covers 14 days of the month or more",
            AlsoRight = label => label.Kind is DataFaultKind.ClockShift,
        },
        new("shift by 60 min", Granularity.Month, ["CLOCK_SHIFTED"], (_, label) => label.Kind is DataFaultKind.ClockShift && Math.Abs(label.Magnitude) > 45)
        {
            WhatIsVisible = "covers 14 days of the month or more",
            AlsoRight = label => label.Kind is DataFaultKind.ClockShift,
        },
        new("spike above AC capacity", Granularity.Hour, ["OVER_CAPACITY", "OVER_NAMEPLATE", "ABOVE_CLEAR_SKY"], (_, label) => label.Kind is DataFaultKind.Spike)
        {
            VisibleFrom = 0.02, WhatIsVisible = "lifts the hour above AC capacity", Shows = (energy, capacity) => energy > 1.01 * capacity,
            AlsoRight = label => label.Kind is DataFaultKind.DoubledDay or DataFaultKind.UnitMixUp or DataFaultKind.LateCorrection or DataFaultKind.FrozenEvening,
        },
        new("unit mix-up", Granularity.Day, ["UNIT_MIX_UP"], (_, label) => label.Kind is DataFaultKind.UnitMixUp)
        {
            VisibleFrom = OfDay, WhatIsVisible = DayText,
        },
    ];

    /// <summary>Whether an outage takes the whole farm.</summary>
    private static bool IsWhole(KnownWorld world, FaultEvent label) => world.Farm(label.FacilityCode).Units.Count == 1;
}
