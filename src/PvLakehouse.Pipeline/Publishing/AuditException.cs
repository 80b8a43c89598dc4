namespace PvLakehouse.Pipeline.Publishing;

/// <summary>A run's tables contradict their contracts, so nothing of it was published.</summary>
public sealed class AuditException(string message) : PipelineException(message);
