using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Where scores are kept: all of them in ml.forecast_scores, the main ones as metrics of their run.</summary>
public static class ScoreStore
{
    /// <summary>Writes the scores of one evaluation; those of the same run are replaced.</summary>
    public static async Task WriteAsync(
        Lake lake, IReadOnlyCollection<ForecastScore> scores, Evaluated evaluated, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scores);
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.MergeAsync(ScoreTable.Contract, scores.Select(score => ScoreTable.Row(score, evaluated)), cancellationToken);
    }

    /// <summary>The metric by which a run tells a score of all daylight hours of its test, for example <c>test.daylight.nmae</c>.</summary>
    /// <param name="score">Name of the score: nmae, nrmse, nmbe, mae_mwh, rmse_mwh, r2, skill, pinball or coverage.</param>
    public static string DaylightMetric(string score) => $"{Prefix(ScoreSubset.Daylight, "")}.{score}";

    /// <summary>The scores of a model over all hours and by lead, as metrics.</summary>
    internal static List<Metric> MetricsOf(IEnumerable<ForecastScore> scores, string learner, DateTimeOffset at)
    {
        var metrics = new List<Metric>();
        foreach (var score in scores.Where(score => score.Model == learner && score.By is ("all" or "lead")))
        {
            var prefix = Prefix(score.Subset, score.By == "all" ? "" : $" {score.Value}");
            Add("nmae", score.Points.NormalisedMae);
            Add("nrmse", score.Points.NormalisedRmse);
            Add("nmbe", score.Points.NormalisedMbe);
            Add("mae_mwh", score.Points.MaeMwh);
            Add("rmse_mwh", score.Points.RmseMwh);
            Add("r2", score.Points.RSquared);
            Add("skill", score.Skill?.Skill);
            Add("pinball", score.Quantiles?.Pinball);
            Add("coverage", score.Quantiles?.Coverage);

            void Add(string name, double? value)
            {
                if (value is { } known)
                {
                    metrics.Add(new($"{prefix}.{name}", known, at));
                }
            }
        }

        return metrics;
    }

    private static string Prefix(string subset, string group) => $"test {subset.Replace(",", "", StringComparison.Ordinal)}{group}".Replace(' ', '.');
}
