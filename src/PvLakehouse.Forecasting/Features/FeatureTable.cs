using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Forecasting.Features;

/// <summary>ml.forecast_features: the rows that models are trained and scored on.</summary>
public static class FeatureTable
{
    /// <summary>Snapshot property: name of the feature set.</summary>
    public const string SetProperty = "pvlake.features.set";

    /// <summary>Snapshot property: the feature set, as <see cref="FeatureSetFile"/> reads it.</summary>
    public const string DefinitionProperty = "pvlake.features.definition";

    /// <summary>Snapshot property: the snapshots that the rows were made from, <c>table=id</c> separated by commas.</summary>
    public const string SourcesProperty = "pvlake.features.sources";

    /// <summary>Snapshot property: the features that learners see, in order, separated by commas.</summary>
    public const string LearnedProperty = "pvlake.features.learned";

    /// <summary>Snapshot property: which weather the rows are made of.</summary>
    public const string WeatherProperty = "pvlake.features.weather";

    /// <summary>The table of the default set.</summary>
    public static TableContract Contract { get; } = Of(FeatureCatalogue.Default);

    /// <summary>The table with the columns of a set.</summary>
    public static TableContract Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new()
        {
            Layer = "ml",
            Name = "forecast_features",
            Grain = "One facility, one class of forecasts, one instant of issue and one UTC hour with some sun.",
            Columns =
            [
                ColumnContract.Required("facility_code", "string", "OpenElectricity's code of the farm."),
                ColumnContract.Required("horizon", "string", "The class of forecasts.").OneOf([.. Horizon.All.Select(horizon => horizon.Name)]),
                ColumnContract.Required("weather", "string", "Weather as it was forecast, or as it was: a perfect prog, which no forecast could know.")
                    .OneOf(Weather(WeatherKind.Forecast), Weather(WeatherKind.Hindcast)),
                ColumnContract.Required("issued_at", "timestamptz", "When the forecast is issued."),
                ColumnContract.Required("date_hour", "timestamptz", "Start of the hour that is forecast."),
                ColumnContract.Optional("known_at", "timestamptz", "When the last of the features was known; null when all of them always are."),
                ColumnContract.Optional("target_share", "double", "Energy of the hour as a share of AC capacity; null until it is known, and without valid energy.", "1"),
                ColumnContract.Optional("target_mwh", "double", "Energy of the hour.", "MWh"),
                ColumnContract.Optional("ac_capacity_mwh", "double", "What the AC capacity of the hour gives in an hour.", "MWh"),
                ColumnContract.Optional("observed_clear_sky_index", "double", "Irradiance of the hour over that of a clear sky, as it turned out.", "1"),
                ColumnContract.Required("is_available", "boolean",
                    "Whether the hour has valid energy that nothing held back: not curtailed, no outage."),
                ColumnContract.Optional("persistence_share", "double",
                    "What persistence forecasts: the newest known hour within the day, else the same hour of the newest known day.", "1"),
                ColumnContract.Optional("clear_sky_persistence_share", "double",
                    "What clear-sky persistence forecasts: the newest known ratio to clear-sky energy, times that of the hour.", "1"),
                ColumnContract.Optional("clear_sky_share", "double", "Energy of the hour under a clear sky, as a share of AC capacity.", "1"),
                ColumnContract.Optional("limit_share", "double", "Most that the hour can give, as a share of AC capacity.", "1"),
                ColumnContract.Optional("elevation", "double", "Elevation of the sun, mean of the hour; above 5 is daylight.", "°"),
                ColumnContract.Optional("issue_capacity_mw", "double", "AC capacity of the farm at the issue; null in rows of builds that did not keep it.", "MW"),
                .. set.Features.Select(feature => ColumnContract.Optional(
                    feature.Name, "double", $"{feature.Formula}; known {set.KnownAt(feature)}.", feature.Unit)),
            ],
            Key = ["facility_code", "horizon", "issued_at", "date_hour"],
            Partitioning = [new("horizon", "identity")],
            SortedBy = ["facility_code", "date_hour", "issued_at"],
        };
    }

    /// <summary>The word of the column <c>weather</c>.</summary>
    public static string Weather(WeatherKind kind) => kind == WeatherKind.Forecast ? "forecast" : "hindcast";
}
