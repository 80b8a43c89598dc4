namespace PvLakehouse.Forecasting.Tracking;

/// <summary>How runs of this program begin and end.</summary>
internal static class RunLife
{
    /// <summary>
    /// Begins a run of an experiment, which is made when it is not there yet; what earlier processes left open is closed first.
    /// </summary>
    public static async Task<RunInfo> BeginAsync(
        this ITrackingStore tracking, string experiment, string name, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken)
    {
        await tracking.CloseAbandonedRunsAsync(cancellationToken);
        var found = await tracking.FindExperimentAsync(experiment, cancellationToken);
        var run = await tracking.CreateRunAsync(
            new()
            {
                ExperimentId = found?.ExperimentId
                    ?? await tracking.CreateExperimentAsync(experiment, cancellationToken: cancellationToken),
                RunName = name,
                Tags = tags,
            },
            cancellationToken);
        return run.Info;
    }

    /// <summary>Ends a run now.</summary>
    public static async Task EndAsync(
        this ITrackingStore tracking, string run, RunStatus status, TimeProvider clock, CancellationToken cancellationToken) =>
        await tracking.UpdateRunAsync(run, new() { Status = status, EndTime = clock.GetUtcNow() }, cancellationToken);

    /// <summary>Ends a run that a fault stopped. The store may be what failed; the fault that is told is the first one.</summary>
    public static async Task TryEndAsync(this ITrackingStore tracking, string run, Exception fault, TimeProvider clock)
    {
        try
        {
            await tracking.EndAsync(
                run, fault is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, clock, CancellationToken.None);
        }
        catch (TrackingException)
        {
            // The next command closes it.
        }
    }
}
