using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary>What an evaluation says, in a sentence.</summary>
internal static class ScoreSentence
{
    /// <summary>The main scores of what was evaluated, whose scores come first.</summary>
    public static string Of(string what, IReadOnlyList<ForecastScore> scores, Evaluated evaluated)
    {
        var score = scores.First(score => score.Subset == ScoreSubset.Daylight && score.By == "all");
        var perfect = evaluated.Weather == WeatherKind.Hindcast ? " Perfect prog: no accuracy of a forecast." : "";
        var coverage = score.Quantiles is { } quantiles
            ? string.Create(CultureInfo.InvariantCulture, $", 80 % band covers {quantiles.Coverage:P1}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: daylight nMAE {score.Points.NormalisedMae:P1}, nRMSE {score.Points.NormalisedRmse:P1} of AC "
            + $"capacity, skill {score.Skill?.Skill:P1}{coverage}; run {evaluated.RunId}.{perfect}");
    }
}
