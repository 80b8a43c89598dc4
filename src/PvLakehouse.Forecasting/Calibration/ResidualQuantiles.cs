using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Calibration;

/// <summary>Quantiles of a learner that knows the mean alone: its forecast and what it missed by on hours that it did not learn from.</summary>
/// <remarks>
/// Under a sky that is forecast clear the errors are small and lie below, under clouds they are wide: hours are told apart by the ratio of the forecast
/// to a clear sky. Source: D. van der Meer, J. Widén and J. Munkhammar, Renewable and Sustainable Energy Reviews 81, 2018.
/// </remarks>
public sealed class ResidualQuantiles
{
    private const int Bins = 5;
    private readonly double[] _edges;
    private readonly double[][] _residuals;

    private ResidualQuantiles(double[] edges, double[][] residuals) => (_edges, _residuals) = (edges, residuals);

    /// <summary>Ratios to a clear sky at which the bins meet. Length of the bins less one.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>For each bin, the residual at each level over the clear sky of the hour.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Residuals => _residuals;

    /// <summary>What was saved.</summary>
    public static ResidualQuantiles Of(IReadOnlyList<double> edges, IReadOnlyList<IReadOnlyList<double>> residuals) =>
        new([.. edges], [.. residuals.Select(bin => bin.ToArray())]);

    /// <summary>Learns from the forecasts of hours with known energy.</summary>
    public static ResidualQuantiles Fit(IReadOnlyList<ForecastHour> hours, IReadOnlyList<double> forecasts)
    {
        ArgumentNullException.ThrowIfNull(hours);
        ArgumentNullException.ThrowIfNull(forecasts);
        var rows = Enumerable.Range(0, hours.Count).Where(row => hours[row] is { TargetShare: not null, IsDaylight: true }).ToArray();
        double[] ratios = [.. rows.Select(row => forecasts[row] / ConformalQuantiles.Scale(hours[row]))];
        double[] edges = [.. Enumerable.Range(1, Bins - 1).Select(bin => ConformalQuantiles.Empirical([.. ratios], bin / (double)Bins))];
        var misses = rows.Select((row, index) => (Bin: BinOf(edges, ratios[index]), Miss: (hours[row].TargetShare!.Value - forecasts[row]) / ConformalQuantiles.Scale(hours[row])));
        var byBin = misses.ToLookup(miss => miss.Bin, miss => miss.Miss);
        return new(edges,
        [
            .. Enumerable.Range(0, Bins).Select(bin => QuantileLevels.All
                .Select(level => ConformalQuantiles.Empirical([.. byBin[bin]], level)).ToArray()),
        ]);
    }

    /// <summary>The quantiles of an hour as shares of AC capacity, ascending.</summary>
    public double[] Apply(ForecastHour hour, double forecast)
    {
        var scale = ConformalQuantiles.Scale(hour);
        return [.. _residuals[BinOf(_edges, forecast / scale)].Select(residual => forecast + (residual * scale))];
    }

    private static int BinOf(double[] edges, double ratio)
    {
        var bin = 0;
        while (bin < edges.Length && ratio >= edges[bin])
        {
            bin++;
        }

        return bin;
    }
}
