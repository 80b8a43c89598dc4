namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Experiments, runs and their artifacts, in MLflow's terms, wherever they are kept.</summary>
/// <remarks>
/// Safe for concurrent use. Every method throws <see cref="TrackingException"/> with the fault that its summary names, or that the store's
/// place brings about; argument errors of the caller are <see cref="ArgumentException"/>. A write that has returned is kept, also when the
/// process is killed right after. Rules of names and lengths are in <see cref="TrackingRules"/>.
/// </remarks>
public interface ITrackingStore : IAsyncDisposable
{
    /// <summary>Where it keeps things, for people: a file, or the address of a server without its password.</summary>
    string Address { get; }

    /// <summary>Makes an experiment and gives its id.</summary>
    /// <param name="name">Its name; taken, also by a deleted one: <see cref="TrackingFault.ResourceAlreadyExists"/>.</param>
    /// <param name="tags">Tags to begin with.</param>
    /// <param name="artifactLocation">Folder or URI of its artifacts; null: the store chooses.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<string> CreateExperimentAsync(
        string name, IReadOnlyDictionary<string, string>? tags = null, string? artifactLocation = null,
        CancellationToken cancellationToken = default);

    /// <summary>An experiment by its id, deleted ones included; <see cref="TrackingFault.ResourceDoesNotExist"/>.</summary>
    Task<Experiment> GetExperimentAsync(string experimentId, CancellationToken cancellationToken = default);

    /// <summary>An experiment by its name, deleted ones included; null when there is none.</summary>
    Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Searches experiments by name, creation_time, last_update_time and tags; the newest first unless asked otherwise.</summary>
    Task<Page<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of an active experiment.</summary>
    Task SetExperimentTagAsync(string experimentId, string key, string value, CancellationToken cancellationToken = default);

    /// <summary>Gives an active experiment another name.</summary>
    Task RenameExperimentAsync(string experimentId, string newName, CancellationToken cancellationToken = default);

    /// <summary>Deletes an active experiment and with it its runs; nothing is removed from disk.</summary>
    Task DeleteExperimentAsync(string experimentId, CancellationToken cancellationToken = default);

    /// <summary>Restores a deleted experiment and all its runs.</summary>
    Task RestoreExperimentAsync(string experimentId, CancellationToken cancellationToken = default);

    /// <summary>Begins a run; its status is <see cref="RunStatus.Running"/>.</summary>
    Task<Run> CreateRunAsync(NewRun run, CancellationToken cancellationToken = default);

    /// <summary>A run by its id, deleted ones included; <see cref="TrackingFault.ResourceDoesNotExist"/>.</summary>
    Task<Run> GetRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Changes status, end or name of an active run.</summary>
    Task<RunInfo> UpdateRunAsync(string runId, RunUpdate update, CancellationToken cancellationToken = default);

    /// <summary>
    /// Searches the runs of some experiments by metrics, params, tags and the attributes run_id, run_name, status, user_id, artifact_uri,
    /// start_time and end_time [ms since 1970]; those that began last come first unless asked otherwise.
    /// </summary>
    Task<Page<Run>> SearchRunsAsync(
        IReadOnlyList<string> experimentIds, SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes a run; nothing is removed from disk.</summary>
    Task DeleteRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Restores a deleted run.</summary>
    Task RestoreRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Logs metrics, parameters and tags of an active run; repeating it changes nothing.</summary>
    /// <remarks>
    /// All is checked first: a parameter that already has another value, a bad key, or a text that is too long is
    /// <see cref="TrackingFault.InvalidParameterValue"/>, and nothing of the batch is logged. An MLflow server takes large batches only in
    /// pieces, so when it fails half-way a part may be logged.
    /// </remarks>
    Task LogBatchAsync(string runId, RunBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Removes a tag of an active run; <see cref="TrackingFault.ResourceDoesNotExist"/> when it has none.</summary>
    Task DeleteRunTagAsync(string runId, string key, CancellationToken cancellationToken = default);

    /// <summary>All values of one metric, by step and instant; none when the run has no such metric.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="key">The metric.</param>
    /// <param name="cancellationToken">Stops between values.</param>
    IAsyncEnumerable<Metric> GetMetricHistoryAsync(string runId, string key, CancellationToken cancellationToken = default);

    /// <summary>Keeps a file as an artifact of an active run, or replaces it; it is visible only once it is whole.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="path">Path below the run's artifacts, with slashes, without <c>..</c>: <c>model/MLmodel</c>.</param>
    /// <param name="content">The bytes, read from where the stream stands to its end; not disposed.</param>
    /// <param name="cancellationToken">Stops the upload; nothing is then visible.</param>
    Task UploadArtifactAsync(string runId, string path, Stream content, CancellationToken cancellationToken = default);

    /// <summary>The files and folders directly in a folder of a run's artifacts, by path; none when it is not there.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="path">The folder; null or empty: the root.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<ArtifactFile>> ListArtifactsAsync(string runId, string? path = null, CancellationToken cancellationToken = default);

    /// <summary>Opens an artifact for reading; the stream can seek and holds the whole file.
    /// <see cref="TrackingFault.ResourceDoesNotExist"/>.</summary>
    Task<Stream> OpenArtifactAsync(string runId, string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends as <see cref="RunStatus.Killed"/>, now, every run whose process on this machine is gone, and gives their ids. Runs of processes
    /// that live, and those that no process of this machine began, are left alone.
    /// </summary>
    Task<IReadOnlyList<string>> CloseAbandonedRunsAsync(CancellationToken cancellationToken = default);
}
