namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Whether an experiment or a run is there or was deleted; what was deleted can be restored.</summary>
public enum LifecycleStage
{
    /// <summary>It is there.</summary>
    Active,

    /// <summary>It was deleted; searches leave it out unless asked.</summary>
    Deleted,
}

/// <summary>Which stages a search looks at.</summary>
public enum ViewType
{
    /// <summary>What is there.</summary>
    ActiveOnly,

    /// <summary>What was deleted.</summary>
    DeletedOnly,

    /// <summary>Both.</summary>
    All,
}
