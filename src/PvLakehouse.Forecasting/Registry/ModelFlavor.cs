using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>How a model is kept: by which library, in which file.</summary>
/// <param name="Kind">The library.</param>
/// <param name="DataFile">File of the model in its folder.</param>
/// <param name="LibraryVersion">Version of the library that wrote the file; for our own kind, the learner's name.</param>
public sealed record ModelFlavor(ModelFlavorKind Kind, string DataFile, string LibraryVersion)
{
    /// <summary>A LightGBM booster as text, which <c>mlflow.lightgbm</c> and <c>lightgbm.Booster(model_file=...)</c> load.</summary>
    public static ModelFlavor LightGbm(string version) => new(ModelFlavorKind.LightGbm, "model.lgb", version);

    /// <summary>An XGBoost booster as JSON, which <c>mlflow.xgboost</c> and <c>xgboost.Booster.load_model</c> load.</summary>
    public static ModelFlavor XgBoost(string version) => new(ModelFlavorKind.XgBoost, "model.json", version);

    /// <summary>A model of ours, which only this program loads.</summary>
    /// <param name="learner">Which learner reads the file: ridge, forest.</param>
    public static ModelFlavor Own(string learner) => new(ModelFlavorKind.Own, "model.json", learner);

    internal static TrackingException Unreadable(string problem, Exception? inner = null) =>
        new(TrackingFault.InvalidParameterValue, $"The MLmodel file cannot be used: {problem}.", inner);
}

/// <summary>Libraries whose models are kept.</summary>
public enum ModelFlavorKind
{
    /// <summary>LightGBM.</summary>
    LightGbm,

    /// <summary>XGBoost.</summary>
    XgBoost,

    /// <summary>This program.</summary>
    Own,
}
