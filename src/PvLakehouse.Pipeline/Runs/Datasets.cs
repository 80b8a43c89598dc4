using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Gold;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The datasets by the names that commands use, in the order in which a run makes them.</summary>
public static class Datasets
{
    private static readonly (string Name, TableContract Table)[] All =
    [
        ("facilities", RawFacilities.Contract),
        ("facility_timeseries", RawFacilityTimeseries.Contract),
        ("facility_weather", RawFacilityWeather.Contract),
        ("facility_air_quality", RawFacilityAirQuality.Contract),
        ("weather_forecast", RawWeatherForecast.Contract),
        ("facility_master", CleanFacilityMaster.Contract),
        ("hourly_weather", CleanHourlyWeather.Contract),
        ("hourly_air_quality", CleanHourlyAirQuality.Contract),
        ("hourly_forecast", CleanWeatherForecast.Contract),
        ("hourly_energy", CleanHourlyEnergy.Contract),
        ("daily_energy", CleanDailyEnergy.Contract),
        ("solar_clock", SolarClock.Contract),
        ("model_versions", ModelVersions.Contract),
        ("feature_importance", FeatureImportances.Contract),
        ("issued_forecasts", IssuedForecasts.Contract),
        ("dim_date", DimDate.Contract),
        ("dim_time", DimTime.Contract),
        ("dim_facility", DimFacility.Contract),
        ("dim_aqi_category", DimAqiCategory.Contract),
        ("dim_model_version", DimModelVersion.Contract),
        ("dim_feature_importance", DimFeatureImportance.Contract),
        ("fact_solar_environmental", FactSolarEnvironmental.Contract),
        ("agg_daily_facility", AggDailyFacility.Contract),
        ("agg_monthly_facility", AggMonthlyFacility.Contract),
        ("fact_solar_forecast_regression", FactSolarForecastRegression.Contract),
        ("held_days", HeldDays.Contract),
        ("quality_results", QualityResults.Contract),
        ("schema_drift", SchemaDriftTable.Contract),
    ];

    /// <summary>The contracts of all tables, bronze first.</summary>
    public static IReadOnlyList<TableContract> Contracts { get; } = [.. All.Select(dataset => dataset.Table)];

    /// <summary>The names of a layer's datasets, in order.</summary>
    /// <param name="layer">bronze, silver, ml, gold or ops.</param>
    public static IReadOnlyList<string> Of(string layer) =>
        [.. All.Where(dataset => dataset.Table.Layer == layer).Select(dataset => dataset.Name)];

    /// <summary>The table of a dataset.</summary>
    internal static TableContract TableOf(string name) => Array.Find(All, dataset => dataset.Name == name).Table;

    /// <summary>The name by which commands know a table.</summary>
    internal static string NameOf(TableContract table) => Array.Find(All, dataset => dataset.Table == table).Name;
}
