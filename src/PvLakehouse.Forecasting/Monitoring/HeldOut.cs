using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>Registered models on daylight hours with known energy.</summary>
internal static class HeldOut
{
    /// <summary>Whether an hour can be scored: daylight, with energy and capacity.</summary>
    public static bool IsScored(ForecastHour hour) => hour is { TargetShare: not null, CapacityMwh: > 0, IsDaylight: true };

    /// <summary>Hours that can be scored as a model forecasts them.</summary>
    public static ScoredHour[] Scored(RegisteredForecast model, ForecastRows rows) => rows.Count == 0
        ? []
        :
        [
            .. rows.Hours.Zip(
                model.Model.Predict(rows), (hour, forecast) => ForecastScorer.Scored(hour, forecast.Share, forecast.Quantiles)),
        ];
}
