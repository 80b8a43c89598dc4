using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>ml.forecast_scores: what models and references scored, run after run.</summary>
public static class ScoreTable
{
    /// <summary>The table.</summary>
    public static TableContract Contract { get; } = new()
    {
        Layer = "ml",
        Name = "forecast_scores",
        Grain = "One model or reference, one group of hours, in one evaluation.",
        Columns =
        [
            ColumnContract.Required("run_id", "string", "The run that evaluated, as tracking knows it."),
            ColumnContract.Required("scored_at", "timestamptz", "When it did."),
            ColumnContract.Required("model", "string", "Name of the learner, or of the reference."),
            ColumnContract.Required("is_reference", "boolean", "Whether it is a forecast that needs no model."),
            ColumnContract.Required("horizon", "string", "The class of forecasts.").OneOf([.. Horizon.All.Select(horizon => horizon.Name)]),
            ColumnContract.Required("weather", "string", "forecast, or hindcast: a perfect prog, which is no accuracy of a forecast.")
                .OneOf(FeatureTable.Weather(WeatherKind.Forecast), FeatureTable.Weather(WeatherKind.Hindcast)),
            ColumnContract.Required("test_from", "timestamptz", "Start of the first hour that was scored."),
            ColumnContract.Required("test_to", "timestamptz", "End of the last hour that was scored."),
            ColumnContract.Required("subset", "string", "Which hours.").OneOf(ScoreSubset.Daylight, ScoreSubset.Available, ScoreSubset.AllHours),
            ColumnContract.Required("grouped_by", "string", "What groups the hours."),
            ColumnContract.Required("group_value", "string", "The group."),
            ColumnContract.Required("hours", "long", "Forecasts that were scored."),
            Share("nmae", "Mean absolute error"),
            Share("nrmse", "Root mean square error"),
            Share("nmbe", "Mean error; above 0 too much was forecast"),
            ColumnContract.Required("mae_mwh", "double", "Mean absolute error.", "MWh"),
            ColumnContract.Required("rmse_mwh", "double", "Root mean square error.", "MWh"),
            ColumnContract.Optional("r_squared", "double", "Share of the variance that is explained; null when nothing varies.", "1"),
            ColumnContract.Optional("skill", "double", "1 - RMSE / RMSE of the convex combination.", "1"),
            ColumnContract.Optional("skill_low", "double", "Lower end of its 95 % interval by bootstrap of days.", "1"),
            ColumnContract.Optional("skill_high", "double", "Upper end of that interval.", "1"),
            ColumnContract.Optional("pinball", "double", "Mean quantile loss as a share of AC capacity.", "1"),
            ColumnContract.Optional("crps", "double", "Continuous ranked probability score as a share of AC capacity.", "1"),
            ColumnContract.Optional("coverage", "double", "Share of hours between the 10 % and 90 % quantiles; 0.8 is right.", "1"),
            ColumnContract.Optional("width", "double", "Mean distance of these quantiles as a share of AC capacity.", "1"),
            ColumnContract.Optional("reliability", "string", "Share of hours at or below each quantile from 10 % to 90 %, separated by blanks."),
        ],
        Key = ["run_id", "model", "subset", "grouped_by", "group_value"],
        SortedBy = ["run_id", "model"],
    };

    /// <summary>The row of a score, in the order of the columns.</summary>
    internal static object?[] Row(ForecastScore score, Evaluated evaluated) =>
    [
        evaluated.RunId, evaluated.ScoredAt, score.Model, Baselines.References.All.Contains(score.Model, StringComparer.Ordinal), evaluated.Horizon.Name,
        FeatureTable.Weather(evaluated.Weather), evaluated.TestFrom, evaluated.TestTo, score.Subset, score.By, score.Value,
        (long)score.Points.Hours, score.Points.NormalisedMae, score.Points.NormalisedRmse, score.Points.NormalisedMbe, score.Points.MaeMwh,
        score.Points.RmseMwh, score.Points.RSquared, score.Skill?.Skill, score.Skill?.Low, score.Skill?.High, score.Quantiles?.Pinball,
        score.Quantiles?.Crps, score.Quantiles?.Coverage, score.Quantiles?.Width,
        score.Quantiles is { } quantiles
            ? string.Join(' ', quantiles.Reliability.Select(share => share.ToString("0.0000", CultureInfo.InvariantCulture)))
            : null,
    ];

    private static ColumnContract Share(string name, string what) => ColumnContract.Required(name, "double", $"{what}, as a share of AC capacity.", "1");
}

/// <summary>One evaluation.</summary>
/// <param name="RunId">The run, as tracking knows it.</param>
/// <param name="ScoredAt">When it was made.</param>
/// <param name="Horizon">The class of forecasts.</param>
/// <param name="Weather">The weather that they were made with.</param>
/// <param name="TestFrom">Start of the first hour.</param>
/// <param name="TestTo">End of the last hour.</param>
public sealed record Evaluated(
    string RunId, DateTimeOffset ScoredAt, Horizon Horizon, WeatherKind Weather, DateTimeOffset TestFrom, DateTimeOffset TestTo);
