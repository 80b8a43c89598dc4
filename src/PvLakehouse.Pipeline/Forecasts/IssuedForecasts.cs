using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Forecasts;

/// <summary>ml.issued_forecasts: forecasts as they were issued; a row never changes.</summary>
public static class IssuedForecasts
{
    /// <summary>Names of the columns with the quantiles, in ascending order: 10 % to 90 %.</summary>
    public static IReadOnlyList<string> Quantiles { get; } = [.. Enumerable.Range(1, 9).Select(tenth => $"q{tenth}0_energy_mwh")];

    /// <summary>The table.</summary>
    public static TableContract Contract { get; } = new()
    {
        Layer = "ml",
        Name = "issued_forecasts",
        Grain = "One version of a model, one facility, one instant of issue and one UTC hour with some sun.",
        Columns =
        [
            ColumnContract.Required("run_id", "string", "The run that made the version, as tracking knows it."),
            ColumnContract.Required("model_name", "string", "The registered model."),
            ColumnContract.Required("model_version", "int", "Number of the version."),
            ColumnContract.Required("horizon", "string", "The class of forecasts."),
            ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
            ColumnContract.Required("issued_at", "timestamptz", "The instant of issue: nothing that was known later has a part in the forecast."),
            ColumnContract.Required("date_hour", "timestamptz", "Start of the hour that is forecast; the row covers [date_hour, date_hour + 1 h)."),
            ColumnContract.Optional("local_date_hour", "timestamp", "Civil wall clock at the farm at date_hour, daylight saving included."),
            ColumnContract.Required("prediction_timestamp", "timestamptz", "When the forecast was computed; after issued_at when it was made good later."),
            ColumnContract.Required("ac_capacity_mw", "decimal(10,4)", "AC capacity of the farm at the issue.", "MW"),
            ColumnContract.Required("predicted_energy_mwh", "decimal(12,6)", "Energy of the hour, the mean of what may happen.", "MWh"),
            .. Quantiles.Select((name, index) => ColumnContract.Required(
                name, "decimal(12,6)", $"Energy that the hour stays at or below with a probability of {index + 1}0 %.", "MWh")),
            .. QualityColumns.Stamps,
        ],
        Key = ["run_id", "issued_at", "facility_code", "date_hour"],
        Partitioning = [new("date_hour", "month")],
        SortedBy = ["facility_code", "issued_at", "date_hour"],
    };
}
