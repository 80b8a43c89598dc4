using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>The columns that the daily and the monthly table share: counts, sums, and the ratios of the sums.</summary>
internal static class FacilityFigures
{
    public static IReadOnlyList<ColumnContract> Columns { get; } =
    [
        ColumnContract.Required("hours", "long", "Hours of the fact in the period; 23 or 25 on days when the clock changes."),
        ColumnContract.Required("energy_hours", "long", "Hours with energy."),
        ColumnContract.Required("valid_hours", "long", "Hours with energy that breaks no BAD rule."),
        ColumnContract.Required("bad_hours", "long", "Hours with energy that breaks one."),
        ColumnContract.Required("completeness_pct", "double", "energy_hours by hours.", "%"),
        ColumnContract.Optional("ac_capacity_mw", "decimal(10,4)", "Largest AC capacity of the period.", "MW"),
        ColumnContract.Optional("dc_capacity_mw", "decimal(10,4)", "Largest DC nameplate of the period; null when not known.", "MW"),
        Energy("energy_mwh", "Energy of all hours that have it."),
        Energy("valid_energy_mwh", "Energy of the valid hours."),
        Energy("compared_energy_mwh", "Energy of the valid hours that have an expected energy: numerator of energy_ratio."),
        Energy("expected_energy_mwh", "What the weather lets expect in the valid hours: denominator of energy_ratio."),
        Energy("referenced_energy_mwh", "Energy of the valid hours that have a reference energy: numerator of both performance ratios."),
        Energy("reference_energy_mwh", "DC nameplate x POA irradiation by 1 kW/m2 in those hours: denominator of performance_ratio."),
        Energy("reference_energy_25c_mwh", "The same at the modules' temperature: denominator of performance_ratio_25c."),
        Energy("ghi_energy_mwh", "Energy of the valid hours with global irradiation: numerator of performance_ratio_ghi."),
        ColumnContract.Optional("ghi_reference_kwh", "decimal(20,6)",
            "Global irradiation x registered capacity in those hours: denominator of performance_ratio_ghi.", "kWh"),
        Energy("ac_capacity_mwh", "AC capacity x the valid hours: denominator of capacity_factor."),
        Energy("calendar_capacity_mwh", "AC capacity x all hours: denominator of capacity_factor_calendar."),
        ColumnContract.Optional("ghi_kwh_m2", "double", "Global horizontal irradiation.", "kWh/m²"),
        ColumnContract.Optional("poa_kwh_m2", "double",
            "Irradiation on the plane of array that is assumed, see fact_solar_environmental.plane_assumed.", "kWh/m²"),
        ColumnContract.Optional("clear_sky_kwh_m2", "double", "Clear-sky irradiation of the hours with global irradiation.", "kWh/m²"),
        ColumnContract.Optional("sunshine_hours", "decimal(8,3)", "Sunshine.", "h"),
        ColumnContract.Optional("precipitation_mm", "double", "Precipitation.", "mm"),
        Ratio("performance_ratio",
            "Performance ratio (IEC 61724-1:2021): referenced over reference energy; DC nameplate, plane of array assumed."),
        Ratio("performance_ratio_25c", "Performance ratio corrected to 25 deg C (IEC 61724-1:2021; Dierauf et al. 2013); DC nameplate."),
        Ratio("performance_ratio_ghi", "The figure of the system before ours: global horizontal irradiation, registered capacity."),
        Ratio("energy_ratio", "Energy over what the weather lets expect; AC capacity and DC nameplate, 1.2 x AC where not known."),
        Ratio("capacity_factor", "Valid energy over AC capacity x valid hours (observed, not calendar); AC capacity."),
        Ratio("capacity_factor_calendar",
            "Valid energy over AC capacity x all hours of the period, whether energy is known or not; AC capacity."),
        ColumnContract.Optional("specific_yield", "double", "Valid energy per module capacity; DC nameplate.", "kWh/kWp"),
        Ratio("clear_sky_index", "Global over clear-sky irradiation."),
    ];

    private static ColumnContract Energy(string name, string meaning) => ColumnContract.Optional(name, "decimal(18,6)", meaning, "MWh");

    private static ColumnContract Ratio(string name, string meaning) => ColumnContract.Optional(name, "double", meaning, "1");
}
