namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>The levels at which probabilistic forecasts are made.</summary>
public static class QuantileLevels
{
    /// <summary>0.1, 0.2 to 0.9.</summary>
    public static IReadOnlyList<double> All { get; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>The share of hours that lie between the outermost levels when they are right: 0.8.</summary>
    public static double CentralShare => All[^1] - All[0];
}
