using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.fact_solar_forecast_regression: forecasts as they were issued, beside what happened.</summary>
internal static class FactSolarForecastRegression
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "fact_solar_forecast_regression",
        Grain = "One version of a model, one instant of issue, one facility and one UTC hour with some sun.",
        Columns =
        [
            ColumnContract.Required("model_version_id", "int", "The version in gold.dim_model_version, 0 when it is not known."),
            ColumnContract.Required("facility_key", "int", "The farm in gold.dim_facility."),
            ColumnContract.Required("date_key", "int", "Local calendar day in gold.dim_date, 0 when the farm's clock is unknown."),
            ColumnContract.Required("time_key", "int", "Local hour in gold.dim_time, -1 when the farm's clock is unknown."),
            ColumnContract.Required("horizon", "string", "The class of forecasts."),
            .. IssuedForecasts.Contract.Pick("issued_at", "prediction_timestamp", "date_hour", "local_date_hour"),
            ColumnContract.Required("lead_hours", "int", "From the issue to the end of the hour.", "h"),
            .. IssuedForecasts.Contract.Pick(["predicted_energy_mwh", .. IssuedForecasts.Quantiles, "ac_capacity_mw"]),
            ColumnContract.Optional("actual_energy_mwh", "decimal(12,6)",
                "Energy sent out in the hour; null until it is known, and when it broke a BAD rule or its day is held.", "MWh"),
            ColumnContract.Optional("error_mwh", "decimal(12,6)", "Forecast less actual: above 0 too much was forecast.", "MWh"),
            ColumnContract.Optional("absolute_error", "decimal(12,6)", "Distance of forecast and actual.", "MWh"),
            ColumnContract.Optional("percentage_error", "double",
                "Absolute error over actual energy; null where that is 0, and huge at dawn: see capacity_error.", "%"),
            ColumnContract.Optional("capacity_error", "double", "Absolute error over what AC capacity gives in an hour.", "%"),
            ColumnContract.Optional("is_in_band", "boolean", "Whether the actual lies between the 10 % and 90 % quantiles; eight of ten should."),
            .. QualityColumns.Stamps,
        ],
        Key = ["model_version_id", "issued_at", "facility_key", "date_hour"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_key", "issued_at", "date_hour"],
        References =
        [
            new("model_version_id", DimModelVersion.Contract, "model_version_id"),
            new("facility_key", DimFacility.Contract, "facility_key"),
            new("date_key", DimDate.Contract, "date_key"),
            new("time_key", DimTime.Contract, "time_key"),
        ],
    };
}
