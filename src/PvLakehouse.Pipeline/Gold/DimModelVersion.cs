using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;

namespace PvLakehouse.Pipeline.Gold;

/// <summary>gold.dim_model_version: the versions of models, under keys that never change.</summary>
internal static class DimModelVersion
{
    /// <summary>Key of the unknown member.</summary>
    public const int Unknown = 0;

    public static TableContract Contract { get; } = new()
    {
        Layer = "gold",
        Name = "dim_model_version",
        Grain = "One version of a registered model; key 0 is the unknown version.",
        Columns =
        [
            ColumnContract.Required("model_version_id", "int", "Surrogate key, given once and never changed; 0 is the unknown version."),
            .. ModelVersions.Contract.Columns.Where(column => column.Name is not ("created_at" or "updated_at")),
            ColumnContract.Required("is_champion", "boolean", "Whether it is the version that forecasts are made with."),
        ],
        Key = ["model_version_id"],
        SortedBy = ["model_version_id"],
    };
}
