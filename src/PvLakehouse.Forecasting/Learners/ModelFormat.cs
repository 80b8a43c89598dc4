namespace PvLakehouse.Forecasting.Learners;

/// <summary>How a model is written, in the terms of MLflow's MLmodel file.</summary>
/// <param name="Flavor">The flavor: <c>lightgbm</c>, <c>xgboost</c>, or <c>pvlake</c> for our own JSON.</param>
/// <param name="FileName">The file's usual name.</param>
/// <param name="LibraryVersion">Version of the library that wrote it; of <c>pvlake</c> the version of the format.</param>
/// <param name="PythonClass">The class that Python loads it into; null where Python has none.</param>
public sealed record ModelFormat(string Flavor, string FileName, string LibraryVersion, string? PythonClass)
{
    /// <summary>LightGBM's text.</summary>
    public const string LightGbm = "lightgbm";

    /// <summary>XGBoost's JSON.</summary>
    public const string Xgboost = "xgboost";

    /// <summary>The JSON of ridge regression and the random forest.</summary>
    public const string Pvlake = "pvlake";
}
