using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>The one number by which models are compared while they are made.</summary>
internal static class MeanError
{
    /// <summary>The root mean square error of means as a share of AC capacity.</summary>
    /// <param name="known">Hours with known energy, one or more.</param>
    /// <param name="shares">What was forecast of each, before it is held within what the hour can give.</param>
    public static double Of(ForecastRows known, double[] shares)
    {
        var means = TrainedForecast.Limited(known, shares);
        return Math.Sqrt(means.Select((mean, row) => mean - known.Hours[row].TargetShare!.Value).Average(miss => miss * miss));
    }
}
