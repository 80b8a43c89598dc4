namespace PvLakehouse.Forecasting.Tracking;

/// <summary>A file or folder among the artifacts of a run; MLflow calls it FileInfo.</summary>
/// <param name="Path">Its path below the run's artifacts, with slashes.</param>
/// <param name="IsDirectory">Whether it is a folder.</param>
/// <param name="FileSize">Length [bytes]; null for folders and on servers that do not tell.</param>
public sealed record ArtifactFile(string Path, bool IsDirectory, long? FileSize);
