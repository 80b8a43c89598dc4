namespace PvLakehouse.Forecasting.Tracking;

/// <summary>The words of MLflow's protocol for our enumerations; the embedded store keeps the same.</summary>
internal static class ProtocolText
{
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed => "FAILED",
        RunStatus.Killed => "KILLED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Expected a status of a run."),
    };

    /// <exception cref="TrackingException">There is no such status.</exception>
    public static RunStatus Status(string text) => text switch
    {
        "RUNNING" => RunStatus.Running,
        "SCHEDULED" => RunStatus.Scheduled,
        "FINISHED" => RunStatus.Finished,
        "FAILED" => RunStatus.Failed,
        "KILLED" => RunStatus.Killed,
        _ => throw Unknown("status of a run", text),
    };

    public static string Of(LifecycleStage stage) => stage == LifecycleStage.Active ? "active" : "deleted";

    /// <exception cref="TrackingException">There is no such stage.</exception>
    public static LifecycleStage Stage(string text) => text switch
    {
        "active" => LifecycleStage.Active,
        "deleted" => LifecycleStage.Deleted,
        _ => throw Unknown("lifecycle stage", text),
    };

    public static string Of(ViewType view) => view switch
    {
        ViewType.ActiveOnly => "ACTIVE_ONLY",
        ViewType.DeletedOnly => "DELETED_ONLY",
        _ => "ALL",
    };

    internal static TrackingException Unknown(string what, string text) =>
        new(TrackingFault.InternalError, $"'{text}' is no {what} of MLflow's protocol.");
}
