namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Takes an alert to several places; one that fails does not keep it from the others.</summary>
/// <param name="sinks">The places.</param>
/// <param name="undelivered">Told when a place could not be reached: an alert must not fail the work it tells of.</param>
public sealed class AlertSinks(IReadOnlyList<IAlertSink> sinks, Action<AlertException> undelivered) : IAlertSink
{
    /// <summary>Tells nobody.</summary>
    public static AlertSinks None { get; } = new([], _ => { });

    /// <inheritdoc/>
    public async Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        foreach (var sink in sinks)
        {
            try
            {
                await sink.RaiseAsync(alert, cancellationToken);
            }
            catch (AlertException failure)
            {
                undelivered(failure);
            }
        }
    }
}
