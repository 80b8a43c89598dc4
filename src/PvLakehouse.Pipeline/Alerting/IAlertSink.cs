namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Takes alerts to people.</summary>
public interface IAlertSink
{
    /// <summary>Takes one alert.</summary>
    /// <exception cref="AlertException">It could not be delivered.</exception>
    Task RaiseAsync(Alert alert, CancellationToken cancellationToken);
}

/// <summary>An alert could not be delivered; the message says where and why.</summary>
public sealed class AlertException(string message, Exception innerException) : PipelineException(message, innerException);
