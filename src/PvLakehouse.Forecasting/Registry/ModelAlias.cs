namespace PvLakehouse.Forecasting.Registry;

/// <summary>The aliases that have a meaning here.</summary>
public static class ModelAlias
{
    /// <summary>The version that forecasts are made with.</summary>
    public const string Champion = "champion";

    /// <summary>The version that was trained to replace it.</summary>
    public const string Challenger = "challenger";
}
