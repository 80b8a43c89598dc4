using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>How good a model was in one week, beside the reference: daylight hours that it was not trained on.</summary>
/// <param name="Monday">First day of the week, UTC.</param>
/// <param name="Days">Days of the week that have such hours.</param>
/// <param name="Model">Scores of the model.</param>
/// <param name="Reference">Scores of the convex combination of the same hours.</param>
/// <param name="Coverage">Share of hours in the 80 % band; null without quantiles.</param>
public sealed record WeekPerformance(DateOnly Monday, int Days, PointScores Model, PointScores Reference, double? Coverage)
{
    /// <summary>1 - RMSE / RMSE of the reference; null when the reference makes no error.</summary>
    public double? Skill => Reference.NormalisedRmse > 0 ? 1 - (Model.NormalisedRmse / Reference.NormalisedRmse) : null;

    /// <summary>The weeks of some hours, in their order.</summary>
    /// <param name="hours">Hours as the model forecast them.</param>
    /// <param name="reference">The same hours in the same order as the reference did.</param>
    public static IReadOnlyList<WeekPerformance> Of(IReadOnlyList<ScoredHour> hours, IReadOnlyList<ScoredHour> reference) =>
    [
        .. hours.Zip(reference)
            .GroupBy(pair => MondayOf(pair.First.TargetHour))
            .OrderBy(week => week.Key)
            .Select(week => new WeekPerformance(
                week.Key,
                ErrorDrift.DaysOf(week.Select(pair => pair.First)),
                PointScores.Of([.. week.Select(pair => pair.First)]),
                PointScores.Of([.. week.Select(pair => pair.Second)]),
                QuantileScores.Of(week.Select(pair => pair.First))?.Coverage)),
    ];

    /// <summary>The Monday of an instant's week, UTC.</summary>
    internal static DateOnly MondayOf(DateTimeOffset instant)
    {
        var day = DateOnly.FromDateTime(instant.UtcDateTime);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }
}
