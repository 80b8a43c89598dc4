using PvLakehouse.Pipeline.Alerting;

namespace PvLakehouse.Pipeline.Tests.Publishing;

/// <summary>Remembers the alerts that it hears.</summary>
internal sealed class HeardAlerts(List<Alert> heard) : IAlertSink
{
    public Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        heard.Add(alert);
        return Task.CompletedTask;
    }
}
