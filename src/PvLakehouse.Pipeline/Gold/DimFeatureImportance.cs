using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_feature_importance: what each feature is worth to each version of a model.</summary>
internal static class DimFeatureImportance
{
    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_feature_importance",
        Grain = "One version of a model and one of its features.",
        Columns =
        [
            ColumnContract.Required("model_version_id", "int", "The version in gold.dim_model_version."),
            .. FeatureImportances.Contract.Pick("feature_name", "category", "unit"),
            ColumnContract.Required("importance_score", "double", FeatureImportances.Contract.Pick("permutation").Single().Meaning, "1"),
            ColumnContract.Required("importance_rank", "int", "1 is the most important feature of the version."),
            .. FeatureImportances.Contract.Pick("gain"),
        ],
        Key = ["model_version_id", "feature_name"],
        SortedBy = ["model_version_id", "importance_rank"],
        References = [new("model_version_id", DimModelVersion.Contract, "model_version_id")],
    };
}
