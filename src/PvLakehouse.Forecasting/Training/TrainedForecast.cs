using PvLakehouse.Forecasting.Calibration;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Training;

/// <summary>A model of one class of forecasts: mean, quantiles and their calibration.</summary>
public sealed class TrainedForecast : IDisposable
{
    /// <summary>Horizon that it is for.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>What the learner was made of.</summary>
    public required LearnerSettings Settings { get; init; }

    /// <summary>Forecasts the mean.</summary>
    public required IForecastModel Mean { get; init; }

    /// <summary>Forecast the quantiles, one model a level; empty where quantiles come otherwise.</summary>
    public required IReadOnlyList<IForecastModel> Levels { get; init; }

    /// <summary>How the mean is mixed with the reference; null for the learner's mean alone.</summary>
    public ReferenceBlend? Blend { get; init; }

    /// <summary>Quantiles from residuals; null where the learner has its own.</summary>
    public required ResidualQuantiles? Residuals { get; init; }

    /// <summary>The calibration.</summary>
    public required ConformalQuantiles Calibration { get; init; }

    /// <summary>Forecasts some rows.</summary>
    /// <exception cref="ForecastingException">The features are others than in training.</exception>
    public IReadOnlyList<Forecast> Predict(ForecastRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var learned = Limited(rows, Mean.Predict(rows.Features));
        var means = Blended(rows.Hours, learned, Blend);
        var quantiles = RawQuantiles(rows, learned, means, Mean, Levels, Residuals);
        return [.. rows.Hours.Select((hour, row) => new Forecast(means[row], Calibration.Apply(hour, quantiles[row])))];
    }

    /// <summary>The mean within what the hour can give.</summary>
    internal static double[] Limited(ForecastRows rows, double[] shares) =>
        [.. shares.Select((share, row) => Math.Clamp(share, 0, Math.Min(1, rows.Hours[row].LimitShare)))];

    /// <summary>The learner's means mixed with the reference.</summary>
    internal static double[] Blended(IReadOnlyList<ForecastHour> hours, double[] learned, ReferenceBlend? blend) =>
        blend is null ? learned : [.. hours.Zip(learned, blend.Apply)];

    /// <summary>Quantiles of each row before their calibration: those of the learner move with its mean.</summary>
    internal static double[][] RawQuantiles(
        ForecastRows rows, double[] learned, double[] means, IForecastModel mean, IReadOnlyList<IForecastModel> levels, ResidualQuantiles? residuals)
    {
        if (residuals is not null)
        {
            return [.. rows.Hours.Select((hour, row) => residuals.Apply(hour, means[row]))];
        }

        var columns = mean is IQuantileForecastModel all
            ? all.PredictQuantiles(rows.Features, QuantileLevels.All)
            : [.. levels.Select(level => level.Predict(rows.Features))];
        return [.. Enumerable.Range(0, rows.Count).Select(row => columns.Select(column => column[row] + means[row] - learned[row]).Order().ToArray())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        foreach (var level in Levels)
        {
            level.Dispose();
        }
    }
}

/// <summary>What is forecast of one hour.</summary>
/// <param name="Share">Energy as a share of AC capacity.</param>
/// <param name="Quantiles">Energy at <see cref="QuantileLevels.All"/> as shares of AC capacity, ascending.</param>
public sealed record Forecast(double Share, IReadOnlyList<double> Quantiles);
