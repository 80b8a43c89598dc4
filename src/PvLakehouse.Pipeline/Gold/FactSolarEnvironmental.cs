using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.fact_solar_environmental: energy, weather and air quality of every farm hour.</summary>
internal static class FactSolarEnvironmental
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "fact_solar_environmental",
        Grain = "One facility and one UTC hour, without holes between a farm's first and last hour.",
        Columns =
        [
            ColumnContract.Required("facility_key", "int", "The farm in gold.dim_facility."),
            ColumnContract.Required("date_key", "int", "Local calendar day in gold.dim_date, 0 when the farm's clock is unknown."),
            ColumnContract.Required("time_key", "int", "Local hour in gold.dim_time, -1 when the farm's clock is unknown."),
            ColumnContract.Required("aqi_category_key", "long", "Category in gold.dim_aqi_category, 0 when unknown."),
            ColumnContract.Required("date_hour", "timestamptz", "Start of the hour; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Optional("local_date_hour", "timestamp", "Civil wall clock at the farm at date_hour, daylight saving included."),
            ColumnContract.Optional("energy_mwh", "decimal(12,6)", "Energy sent out in the hour; null where the provider has none.", "MWh"),
            ColumnContract.Optional("intervals_count", "long", "Energy intervals with a value, over all units."),
            ColumnContract.Optional("shortwave_radiation", "decimal(10,4)", "Global horizontal irradiance, mean of the hour.", "W/m²"),
            ColumnContract.Optional("direct_radiation", "decimal(10,4)", "Direct irradiance on the horizontal, mean of the hour.", "W/m²"),
            ColumnContract.Optional("diffuse_radiation", "decimal(10,4)", "Diffuse horizontal irradiance, mean of the hour.", "W/m²"),
            ColumnContract.Optional("direct_normal_irradiance", "decimal(10,4)",
                "Direct irradiance on a plane facing the sun, mean of the hour.", "W/m²"),
            ColumnContract.Optional("irr_kwh_m2_hour", "decimal(10,6)", "Global horizontal irradiation of the hour.", "kWh/m²"),
            ColumnContract.Optional("sunshine_hours", "decimal(6,3)", "Sunshine in the hour.", "h"),
            Weather("temperature_2m", "°C", "Air temperature at 2 m"),
            Weather("dew_point_2m", "°C", "Dew point at 2 m"),
            ColumnContract.Optional("humidity_2m", "double",
                "Relative humidity from temperature and dew point (Magnus, Alduchov and Eskridge 1996).", "%"),
            Weather("cloud_cover", "%", "Total cloud cover"),
            Weather("cloud_cover_low", "%", "Low cloud cover"),
            Weather("cloud_cover_mid", "%", "Middle cloud cover"),
            Weather("cloud_cover_high", "%", "High cloud cover"),
            ColumnContract.Optional("precipitation", "double", "Precipitation in the hour.", "mm"),
            Weather("wind_speed_10m", "km/h", "Wind speed at 10 m"),
            Weather("wind_direction_10m", "°", "Direction the wind comes from at 10 m"),
            Weather("wind_gusts_10m", "km/h", "Gusts at 10 m"),
            Weather("pressure_msl", "hPa", "Air pressure reduced to mean sea level"),
            Air("pm2_5", "Particles below 2.5 µm"),
            Air("pm10", "Particles below 10 µm"),
            Air("dust", "Mineral dust"),
            Air("nitrogen_dioxide", "Nitrogen dioxide"),
            Air("ozone", "Ozone"),
            Air("sulphur_dioxide", "Sulphur dioxide"),
            Air("carbon_monoxide", "Carbon monoxide"),
            ColumnContract.Optional("uv_index", "double", "UV index.", "1"),
            ColumnContract.Optional("uv_index_clear_sky", "double", "UV index under a clear sky.", "1"),
            ColumnContract.Optional("aqi_value", "int", "US EPA Air Quality Index of the PM2.5 NowCast.", "0..500"),
            ColumnContract.Required("is_valid", "boolean", "Whether the hour has energy that broke no BAD rule."),
            ColumnContract.Required("quality_flag", "string",
                "BAD without valid energy, WARNING when a source is missing or not GOOD, else GOOD.").OneOf(QualityColumns.Flags),
            ColumnContract.Required("quality_issues", "string", "Issues of all three sources joined by |, empty when none."),
            ColumnContract.Required("completeness_pct", "decimal(5,2)", "33.33 for energy, 33.33 for radiation, 33.34 for PM2.5.", "%"),
            ColumnContract.Optional("yr_weighted_kwh", "decimal(16,6)",
                "Irradiation times registered capacity: reference energy on the horizontal.", "kWh"),
            ColumnContract.Optional("ac_capacity_mw", "decimal(10,4)",
                "AC capacity of the time: maximum capacity, registered where none is known.", "MW"),
            ColumnContract.Optional("dc_capacity_mw", "decimal(10,4)",
                "DC nameplate of the time: registered capacity where it is at least 1.05 times the maximum capacity or the only one; " +
                    "null when not known.", "MW"),
            ColumnContract.Optional("clear_sky_radiation", "double",
                "Global horizontal irradiance without clouds (Haurwitz 1946), mean of the hour.", "W/m²"),
            ColumnContract.Optional("clear_sky_index", "double",
                "Global horizontal irradiance over that of a clear sky; null below 20 W/m2 of it.", "1"),
            ColumnContract.Optional("poa_irradiance", "double",
                "Irradiance on the plane of array (Hay and Davies 1980), mean of the hour; as many kWh/m2 of irradiation as kW/m2.",
                "W/m²"),
            ColumnContract.Optional("plane_assumed", "string",
                "The plane that poa_irradiance is for; OpenElectricity does not tell how modules are mounted."),
            ColumnContract.Optional("module_temperature", "double", "Temperature of the modules on that plane (Faiman 2008).", "°C"),
            ColumnContract.Optional("expected_energy_mwh", "decimal(12,6)",
                "What the weather lets expect (PVWatts, Dobos 2014): DC nameplate, 1.2 x AC where not known, clipped at AC capacity.",
                "MWh"),
            ColumnContract.Optional("reference_energy_mwh", "decimal(12,6)",
                "DC nameplate x POA irradiation by 1 kW/m2: denominator of performance_ratio; null below 50 W/m2.", "MWh"),
            ColumnContract.Optional("reference_energy_25c_mwh", "decimal(12,6)",
                "The same with the modules' temperature, -0.35 %/K from 25 deg C: denominator of performance_ratio_25c.", "MWh"),
            ColumnContract.Optional("performance_ratio", "double",
                "Energy by DC nameplate over POA irradiation by 1 kW/m2 (IEC 61724-1:2021); DC nameplate.", "1"),
            ColumnContract.Optional("performance_ratio_25c", "double",
                "Performance ratio corrected to 25 deg C of module temperature (IEC 61724-1:2021; Dierauf et al., NREL/TP-5200-57991, " +
                    "2013); DC nameplate.", "1"),
            ColumnContract.Optional("performance_ratio_ghi", "double",
                "Energy over yr_weighted_kwh, the figure of the system before ours: global horizontal irradiance, registered capacity " +
                    "(maximum where none).", "1"),
            ColumnContract.Optional("capacity_factor", "double", "Energy over AC capacity x 1 h; AC capacity.", "1"),
            ColumnContract.Optional("specific_yield", "double", "Energy per module capacity; DC nameplate.", "kWh/kWp"),
            .. QualityColumns.Stamps,
        ],
        Key = ["facility_key", "date_hour"],
        Partitioning = [new("local_date_hour", "month")],
        SortedBy = ["facility_key", "date_hour"],
        References =
        [
            new("facility_key", DimFacility.Contract, "facility_key"),
            new("date_key", DimDate.Contract, "date_key"),
            new("time_key", DimTime.Contract, "time_key"),
            new("aqi_category_key", DimAqiCategory.Contract, "aqi_category_key"),
        ],
    };

    private static ColumnContract Weather(string name, string unit, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of both ends of the hour.", unit);

    private static ColumnContract Air(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what}, mean of both ends of the hour.", "µg/m³");
}
