using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Gold;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The silver and gold tables that SQL makes.</summary>
internal static class Models
{
    public static SqlModel FacilityMaster { get; } = new()
    {
        Target = CleanFacilityMaster.Contract,
        Sources = [new(RawFacilities.Contract)],
        Rules = CleanFacilityMaster.Rules,
    };

    public static SqlModel HourlyEnergy { get; } = new()
    {
        Target = CleanHourlyEnergy.Contract,
        Sources = [new(RawFacilityTimeseries.Contract, "interval_ts"), new(CleanHourlyWeather.Contract, "date_hour")],
        Lookups = [CleanFacilityMaster.Contract],
        HasKeys = true,
        Rules = CleanHourlyEnergy.Rules,
        Sun = ["sun_elevation_min", "sun_elevation_max", "energy_limit_share"],
        Prerequisites = [CleanFacilityMaster.Contract],
    };

    public static SqlModel DailyEnergy { get; } = new()
    {
        Target = CleanDailyEnergy.Contract,
        Sources = [new(CleanHourlyEnergy.Contract, "date_hour")],
        Lookups = [CleanFacilityMaster.Contract, CleanDailyEnergy.Contract],
        HasKeys = true,
        // A day looks at the 30 days before it and the three after it.
        Before = TimeSpan.FromDays(31),
        After = TimeSpan.FromDays(5),
        Rules = CleanDailyEnergy.Rules,
        Prerequisites = [CleanFacilityMaster.Contract],
    };

    public static SqlModel Clock { get; } = new()
    {
        Target = SolarClock.Contract,
        Sources = [new(CleanDailyEnergy.Contract, "network_date")],
        HasKeys = true,
        // A month is compared with the one before it.
        SpanOf = "month",
        Before = TimeSpan.FromDays(31),
        After = TimeSpan.FromDays(31),
        Rules = SolarClock.Rules,
    };

    public static SqlModel HourlyWeather { get; } = new()
    {
        Target = CleanHourlyWeather.Contract,
        Sources = [new(RawFacilityWeather.Contract, "weather_timestamp")],
        Lookups = [CleanFacilityMaster.Contract],
        HasKeys = true,
        // A value that stands still does so for half a day, on either side of the hour.
        After = TimeSpan.FromHours(12),
        Rules = CleanHourlyWeather.Rules,
        Sun =
        [
            "sun_elevation_max", "cos_zenith", "ghi_limit", "dhi_limit", "dni_limit", "extraterrestrial_ghi", "clear_sky_ghi", "beam_ratio",
            "sky_view",
        ],
        Prerequisites = [CleanFacilityMaster.Contract],
    };

    public static SqlModel WeatherForecast { get; } = new()
    {
        Target = CleanWeatherForecast.Contract,
        Sources = [new(RawWeatherForecast.Contract, "weather_timestamp")],
        Lookups = [CleanFacilityMaster.Contract],
        HasKeys = true,
        Before = TimeSpan.Zero,
        Rules = CleanWeatherForecast.Rules,
        Sun = ["ghi_limit", "dhi_limit", "dni_limit", "extraterrestrial_ghi", "clear_sky_ghi", "beam_ratio", "sky_view"],
        Prerequisites = [CleanFacilityMaster.Contract],
    };

    public static SqlModel HourlyAirQuality { get; } = new()
    {
        Target = CleanHourlyAirQuality.Contract,
        Sources = [new(RawFacilityAirQuality.Contract, "air_timestamp")],
        Lookups = [CleanFacilityMaster.Contract],
        HasKeys = true,
        Rules = CleanHourlyAirQuality.Rules,
        Prerequisites = [CleanFacilityMaster.Contract],
    };

    public static SqlModel Facility { get; } = new()
    {
        Target = DimFacility.Contract,
        Sources = [new(CleanFacilityMaster.Contract)],
        Lookups = [DimFacility.Contract],
    };

    public static SqlModel SolarEnvironmental { get; } = new()
    {
        Target = FactSolarEnvironmental.Contract,
        Sources =
        [
            new(CleanHourlyEnergy.Contract, "date_hour"),
            new(CleanHourlyWeather.Contract, "date_hour"),
            new(CleanHourlyAirQuality.Contract, "date_hour"),
            new(CleanFacilityMaster.Contract),
            new(HeldDays.Contract),
        ],
        Lookups = [DimFacility.Contract, DimAqiCategory.Contract, FactSolarEnvironmental.Contract],
        HasKeys = true,
        Prerequisites = [DimFacility.Contract, DimAqiCategory.Contract, DimDate.Contract, DimTime.Contract],
    };

    public static SqlModel DailyFacility { get; } = new()
    {
        Target = AggDailyFacility.Contract,
        Over = "facility_ratios.sql",
        Sources = [new(FactSolarEnvironmental.Contract, "date_hour")],
        HasKeys = true,
        // A day and the ones beside it, of up to 25 hours each, around any hour of the middle one.
        Before = TimeSpan.FromHours(50),
        After = TimeSpan.FromHours(50),
    };

    public static SqlModel MonthlyFacility { get; } = new()
    {
        Target = AggMonthlyFacility.Contract,
        Over = "facility_ratios.sql",
        Sources = [new(AggDailyFacility.Contract, "local_date")],
        HasKeys = true,
        SpanOf = "month",
        Before = TimeSpan.Zero,
        After = TimeSpan.FromDays(31),
    };

    public static SqlModel ModelVersion { get; } = new()
    {
        Target = DimModelVersion.Contract,
        Sources = [new(ModelVersions.Contract)],
        Lookups = [DimModelVersion.Contract],
    };

    public static SqlModel FeatureImportance { get; } = new()
    {
        Target = DimFeatureImportance.Contract,
        Sources = [new(FeatureImportances.Contract), new(ModelVersions.Contract)],
        Lookups = [DimModelVersion.Contract],
    };

    public static SqlModel SolarForecast { get; } = new()
    {
        Target = FactSolarForecastRegression.Contract,
        Sources = [new(IssuedForecasts.Contract, "date_hour"), new(FactSolarEnvironmental.Contract, "date_hour")],
        Lookups = [DimFacility.Contract, DimModelVersion.Contract],
        HasKeys = true,
        Before = TimeSpan.Zero,
        Prerequisites = [DimFacility.Contract, DimModelVersion.Contract, DimDate.Contract, DimTime.Contract],
    };

    /// <summary>All models, in the order in which a run makes their tables.</summary>
    public static IReadOnlyList<SqlModel> All { get; } =
        [
            FacilityMaster, HourlyWeather, HourlyAirQuality, WeatherForecast, HourlyEnergy, DailyEnergy, Clock, Facility, ModelVersion,
            FeatureImportance, SolarEnvironmental, DailyFacility, MonthlyFacility, SolarForecast,
        ];
}
