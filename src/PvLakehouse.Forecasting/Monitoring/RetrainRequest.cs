using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>What challenger is to be trained, and when.</summary>
public sealed record RetrainRequest
{
    /// <summary>The class of forecasts.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>Whether to train although nothing fails.</summary>
    public bool Force { get; init; }

    /// <summary>Days of the window that is monitored. Default 28.</summary>
    public int Days { get; init; } = ModelMonitor.UsualDays;

    /// <summary>Name of the learner; null for that of the champion.</summary>
    public string? Learner { get; init; }

    /// <summary>Values of hyper-parameters by name; those left out are the champion's when the learner is, else their defaults.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
