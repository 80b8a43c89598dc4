using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>What is to be searched.</summary>
public sealed record TuningRequest
{
    /// <summary>Most candidates.</summary>
    public const int MostCandidates = 1_000;

    /// <summary>The longest budget: a week.</summary>
    public static TimeSpan LongestBudget { get; } = TimeSpan.FromDays(7);

    /// <summary>The class of forecasts.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>Name of the learner.</summary>
    public required string Learner { get; init; }

    /// <summary>How many candidates are drawn, 2 to <see cref="MostCandidates"/>. Default 27: rungs of 27, 9, 3 and 1.</summary>
    public int Candidates { get; init; } = 27;

    /// <summary>
    /// Time after which no candidate is judged any more, above 0 and up to <see cref="LongestBudget"/>. Default 10 minutes.
    /// </summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Seed of all draws, 0 or more. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The snapshot of ml.forecast_features to learn from; null for the newest.</summary>
    public long? FeatureSnapshot { get; init; }

    /// <summary>Where the test begins, which no candidate sees; null for the usual split of a training.</summary>
    public TimeSplit? Split { get; init; }

    /// <summary>Asserts that the values are in their ranges.</summary>
    /// <exception cref="ForecastingException">One is not.</exception>
    internal void Require()
    {
        if (Candidates is < 2 or > MostCandidates)
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture, $"A search among {Candidates} candidates is none; expected 2 to {MostCandidates}."));
        }

        if (Budget <= TimeSpan.Zero || Budget > LongestBudget)
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget is {Budget.TotalMinutes} minutes; expected more than 0 and up to {LongestBudget.TotalMinutes}, a week."));
        }

        if (Seed < 0)
        {
            throw new ForecastingException(string.Create(CultureInfo.InvariantCulture, $"The seed is {Seed}; expected 0 or more."));
        }
    }
}
