using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>Champion and challenger on the same hours.</summary>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">End of the last hour.</param>
/// <param name="Hours">Number of forecasts of each.</param>
/// <param name="ChampionNrmse">Root mean square error of the champion as a share of AC capacity.</param>
/// <param name="ChallengerNrmse">Root mean square error of the challenger as a share of AC capacity.</param>
/// <param name="Gain">1 - error of the challenger / error of the champion, with its interval.</param>
public sealed record Comparison(
    DateTimeOffset From, DateTimeOffset To, int Hours, double ChampionNrmse, double ChallengerNrmse, SkillScore Gain)
{
    private const int Seed = 20_200_901;

    /// <summary>Whether the challenger takes the champion's place: it errs less, and by more than chance.</summary>
    /// <remarks>Drawing whole days, 97.5 % of the draws have to be better: who is as good as the champion stays challenger.</remarks>
    public bool IsWon => Gain.IsBetter;

    /// <summary>Compares; null when the champion makes no error at all, which nobody can beat.</summary>
    /// <param name="champion">Hours as the champion forecasts them.</param>
    /// <param name="challenger">The same hours as the challenger does.</param>
    /// <exception cref="ArgumentException">The hours are not the same, or there is none.</exception>
    public static Comparison? Of(IReadOnlyList<ScoredHour> champion, IReadOnlyList<ScoredHour> challenger)
    {
        var errors = PointScores.Of(champion).NormalisedRmse;
        return errors > 0
            ? new(
                champion.Min(hour => hour.TargetHour), champion.Max(hour => hour.TargetHour).AddHours(1), champion.Count, errors,
                PointScores.Of(challenger).NormalisedRmse, SkillScore.Of(challenger, champion, Seed))
            : null;
    }

    /// <summary>What came of it, in a sentence.</summary>
    /// <param name="champion">Number of the champion.</param>
    /// <param name="challenger">Number of the challenger.</param>
    public string Sentence(int champion, int challenger)
    {
        var verdict = IsWon ? $"errs less than version {champion}"
            : Gain.High < 0 ? $"errs more than version {champion}"
            : $"errs neither less nor more than version {champion}, beyond chance,";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Version {challenger} {verdict} on the {Hours:N0} daylight hours from {From:yyyy-MM-dd} to {To:yyyy-MM-dd} that neither has learned "
            + $"from: nRMSE {ChallengerNrmse:P2} against {ChampionNrmse:P2} of AC capacity, a gain of {Gain.Skill:P1} (95 % between {Gain.Low:P1} and "
            + $"{Gain.High:P1}).");
    }
}
