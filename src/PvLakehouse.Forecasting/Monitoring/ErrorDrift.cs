using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>Compares the errors of a window with those on the hours that first judged the model, and with the reference.</summary>
/// <param name="thresholds">From when on a check warns or fails.</param>
public sealed class ErrorDrift(MonitorThresholds thresholds)
{
    private const int Seed = 20_200_901;

    /// <summary>Compares mean and spread of the errors.</summary>
    /// <param name="earlier">Hours that the model was decided and judged by, as they were then.</param>
    /// <param name="recent">Hours of the window.</param>
    public IEnumerable<MonitorFinding> Compare(IReadOnlyList<ScoredHour> earlier, IReadOnlyList<ScoredHour> recent)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(recent);
        if (DaysOf(earlier) is var days && days < thresholds.FewestDays)
        {
            var few = $"Nothing to compare with: {days} days that the model was not trained on lie before the window; "
                + $"expected {thresholds.FewestDays} or more.";
            yield return new(MonitorCheck.ErrorMean, MonitorCheck.AllHours, Value: null, Threshold: null, CheckStatus.Info, few);
            yield return new(MonitorCheck.ErrorSpread, MonitorCheck.AllHours, Value: null, Threshold: null, CheckStatus.Info, few);
            yield break;
        }

        var (before, now) = (Errors.Of(earlier), Errors.Of(recent));
        var change = Math.Abs(now.Mean - before.Mean);
        var chance = thresholds.StandardErrors * Math.Sqrt(Square(before.StandardError) + Square(now.StandardError));
        var fails = Math.Max(thresholds.MeanFails, chance);
        yield return new(
            MonitorCheck.ErrorMean, MonitorCheck.AllHours, change, fails,
            MonitorFinding.StatusOf(change, Math.Max(thresholds.MeanWarns, chance), fails),
            string.Create(
                CultureInfo.InvariantCulture,
                $"The mean error is {now.Mean:P1} of AC capacity, before it was {before.Mean:P1}; above 0 too much is forecast."));
        var ratio = before.Spread > 0 ? now.Spread / before.Spread : now.Spread > 0 ? double.PositiveInfinity : 1;
        yield return new(
            MonitorCheck.ErrorSpread, MonitorCheck.AllHours, ratio, thresholds.SpreadFails,
            MonitorFinding.StatusOf(ratio, thresholds.SpreadWarns, thresholds.SpreadFails),
            string.Create(CultureInfo.InvariantCulture, $"Errors spread by {now.Spread:P1} of AC capacity, before by {before.Spread:P1}."));
    }

    /// <summary>Looks at the 80 % band.</summary>
    /// <param name="recent">Hours of the window; those without quantiles say nothing.</param>
    public IEnumerable<MonitorFinding> Coverage(IReadOnlyList<ScoredHour> recent)
    {
        if (QuantileScores.Of(recent) is not { } scores)
        {
            yield break;
        }

        var distance = Math.Abs(scores.Coverage - QuantileLevels.CentralShare);
        yield return new(
            MonitorCheck.Coverage, MonitorCheck.AllHours, distance, thresholds.CoverageFails,
            MonitorFinding.StatusOf(distance, thresholds.CoverageWarns, thresholds.CoverageFails),
            string.Create(CultureInfo.InvariantCulture, $"The 80 % band covers {scores.Coverage:P1} of the hours."));
    }

    /// <summary>Compares with the reference: over the window, and week by week.</summary>
    /// <param name="recent">Hours of the window.</param>
    /// <param name="reference">The same hours, forecast by the convex combination.</param>
    /// <param name="weeks">The weeks.</param>
    public IEnumerable<MonitorFinding> Skill(
        IReadOnlyList<ScoredHour> recent, IReadOnlyList<ScoredHour> reference, IEnumerable<WeekPerformance> weeks)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(weeks);
        if (reference.All(hour => hour.Error == 0))
        {
            yield return new(
                MonitorCheck.Skill, MonitorCheck.AllHours, Value: null, thresholds.SkillFails, CheckStatus.Info,
                "The reference makes no error at all; no skill can be told.");
            yield break;
        }

        var skill = SkillScore.Of(recent, reference, Seed);
        yield return new(
            MonitorCheck.Skill, MonitorCheck.AllHours, skill.Skill, thresholds.SkillFails,
            skill.Skill < thresholds.SkillFails ? CheckStatus.Fail
                : skill.Low < thresholds.SkillFails ? CheckStatus.Warn
                : CheckStatus.Pass,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The skill against the reference is {skill.Skill:P1} (95 % between {skill.Low:P1} and {skill.High:P1})."));
        foreach (var week in weeks)
        {
            yield return new(
                MonitorCheck.WeeklySkill,
                string.Create(CultureInfo.InvariantCulture, $"{week.Monday:yyyy-MM-dd}"),
                week.Skill,
                Threshold: null,
                week.Days < thresholds.FewestDays ? CheckStatus.Info
                    : week.Skill < thresholds.SkillFails ? CheckStatus.Warn
                    : CheckStatus.Pass,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"nRMSE {week.Model.NormalisedRmse:P1} and nMAE {week.Model.NormalisedMae:P1} of AC capacity, the reference "
                    + $"{week.Reference.NormalisedRmse:P1} and {week.Reference.NormalisedMae:P1}, {week.Model.Hours} hours of {week.Days} days."));
        }
    }

    /// <summary>Number of days on which hours are.</summary>
    internal static int DaysOf(IEnumerable<ScoredHour> hours) => hours.Select(Day).Distinct().Count();

    private static DateOnly Day(ScoredHour hour) => DateOnly.FromDateTime(hour.TargetHour.UtcDateTime);

    private static double Square(double value) => value * value;

    /// <summary>Mean and spread of errors as shares of AC capacity, with the standard error of the mean.</summary>
    private sealed record Errors(double Mean, double Spread, double StandardError)
    {
        /// <remarks>Days err as a whole, so deviations are summed by days before they are squared.</remarks>
        public static Errors Of(IReadOnlyList<ScoredHour> hours)
        {
            var mean = hours.Average(hour => hour.Error);
            var ofDays = hours.GroupBy(Day).Sum(day => Square(day.Sum(hour => hour.Error - mean)));
            return new(mean, Math.Sqrt(hours.Average(hour => Square(hour.Error - mean))), Math.Sqrt(ofDays) / hours.Count);
        }
    }
}
