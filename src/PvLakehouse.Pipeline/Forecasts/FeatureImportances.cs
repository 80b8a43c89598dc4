using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Forecasts;

/// <summary>ml.feature_importance: what each feature is worth to a version of a model.</summary>
public static class FeatureImportances
{
    /// <summary>The table.</summary>
    public static TableContract Contract { get; } = new()
    {
        Layer = "ml",
        Name = "feature_importance",
        Grain = "One feature of one version of a model.",
        Columns =
        [
            ColumnContract.Required("run_id", "string", "The run that made the version, as tracking knows it."),
            ColumnContract.Required("feature_name", "string", "Name of the feature."),
            ColumnContract.Optional("category", "string", "The group that the feature belongs to; null when its set is not known any more."),
            ColumnContract.Optional("unit", "string", "Unit of the feature."),
            ColumnContract.Optional("gain", "double",
                "Share of the training's gain that splits by the feature brought; null where the learner tells none.", "1"),
            ColumnContract.Required("permutation", "double",
                "By how much the root mean square error of unseen daylight hours rises when the feature is shuffled among them (Breiman 2001), as a "
                    + "share of AC capacity.", "1"),
            .. QualityColumns.Stamps,
        ],
        Key = ["run_id", "feature_name"],
        SortedBy = ["run_id", "feature_name"],
    };
}
