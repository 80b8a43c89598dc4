namespace PvLakehouse.Forecasting.Tracking;

/// <summary>How far a run is. The numbers are those of MLflow's protocol.</summary>
public enum RunStatus
{
    /// <summary>It works.</summary>
    Running = 1,

    /// <summary>It will begin later.</summary>
    Scheduled = 2,

    /// <summary>It came to its end.</summary>
    Finished = 3,

    /// <summary>It ended with an error.</summary>
    Failed = 4,

    /// <summary>Its process was ended from outside.</summary>
    Killed = 5,
}
