using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Forecasts;

/// <summary>ml.model_versions: what the registry and the runs know of each version of a model.</summary>
public static class ModelVersions
{
    /// <summary>The table.</summary>
    public static TableContract Contract { get; } = new()
    {
        Layer = "ml",
        Name = "model_versions",
        Grain = "One version of a registered model; a run makes one.",
        Columns =
        [
            ColumnContract.Required("run_id", "string", "The run that made the version, as tracking knows it."),
            ColumnContract.Required("model_name", "string", "The registered model."),
            ColumnContract.Required("model_version", "int", "Number of the version."),
            ColumnContract.Required("aliases", "string", "Aliases that name the version, separated by blanks; empty when none does."),
            ColumnContract.Optional("horizon", "string", "The class of forecasts."),
            ColumnContract.Optional("learner", "string", "What learned."),
            ColumnContract.Optional("weather", "string", "forecast, or hindcast: a perfect prog, which is no accuracy of a forecast."),
            ColumnContract.Optional("feature_set", "string", "Name of the feature set."),
            ColumnContract.Optional("features_snapshot", "long", "The snapshot of ml.forecast_features that was learned from."),
            ColumnContract.Required("registered_at", "timestamptz", "When the version was made."),
            ColumnContract.Optional("trained_to", "timestamptz", "End of the hours that were learned from."),
            ColumnContract.Optional("test_from", "timestamptz", "Start of the hours that judged."),
            Share("test_nmae", "Mean absolute error"),
            Share("test_nrmse", "Root mean square error"),
            ColumnContract.Optional("test_skill", "double", "1 - RMSE / RMSE of the convex combination; daylight of the test.", "1"),
            ColumnContract.Optional("test_coverage", "double", "Share of hours between the 10 % and 90 % quantiles; daylight of the test.", "1"),
            ColumnContract.Optional("description", "string", "What it is, for people."),
            .. QualityColumns.Stamps,
        ],
        Key = ["run_id"],
        SortedBy = ["model_name", "model_version"],
    };

    private static ColumnContract Share(string name, string what) =>
        ColumnContract.Optional(name, "double", $"{what} as a share of AC capacity; daylight of the test.", "1");
}
