namespace PvLakehouse.Forecasting.Registry;

/// <summary>Stage of a model version on servers older than aliases (MLflow below 2.9); deprecated there since.</summary>
public enum ModelStage
{
    /// <summary>None of the others; every version begins so.</summary>
    None,

    /// <summary>To be tried out.</summary>
    Staging,

    /// <summary>In use.</summary>
    Production,

    /// <summary>No longer in use.</summary>
    Archived,
}
