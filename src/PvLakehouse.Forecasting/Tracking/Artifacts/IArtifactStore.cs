namespace PvLakehouse.Forecasting.Tracking.Artifacts;

/// <summary>The files below one root: the artifacts of a run, or the files of a model version.</summary>
internal interface IArtifactStore
{
    /// <summary>Keeps a file, or replaces it.</summary>
    Task UploadAsync(string path, Stream content, CancellationToken cancellationToken);

    /// <summary>All files at any depth, by path below the root.</summary>
    Task<IReadOnlyList<ArtifactFile>> ListAllAsync(CancellationToken cancellationToken);

    /// <summary>Opens a file; the stream can seek.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    Task<Stream> OpenAsync(string path, CancellationToken cancellationToken);
}
