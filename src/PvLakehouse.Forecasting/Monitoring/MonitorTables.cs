using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>ml.monitor_results and ml.weekly_performance: what monitoring found, time after time.</summary>
public static class MonitorTables
{
    /// <summary>What the checks found.</summary>
    public static TableContract Results { get; } = new()
    {
        Layer = "ml",
        Name = "monitor_results",
        Grain = "One check of one model version in one monitoring.",
        Columns =
        [
            ColumnContract.Required("checked_at", "timestamptz", "When it was checked."),
            ColumnContract.Required("model_name", "string", "The registered model."),
            ColumnContract.Required("model_version", "int", "Its version."),
            ColumnContract.Required("run_id", "string", "The run that trained it, as tracking knows it."),
            .. ScoreTable.Contract.Pick("horizon", "weather"),
            ColumnContract.Required("window_from", "timestamptz", "Start of the first hour that was looked at."),
            ColumnContract.Required("window_to", "timestamptz", "End of the last hour that was looked at."),
            ColumnContract.Required("check_name", "string", "The check."),
            ColumnContract.Required("subject", "string", "What was looked at: a feature, the Monday of a week, or all hours."),
            ColumnContract.Optional("value", "double", "The number that was found; null when there was too little to tell it."),
            ColumnContract.Optional("threshold", "double", "From where on the check fails; null for one that never does."),
            ColumnContract.Required("status", "string", "What came of it.").OneOf([.. Enum.GetValues<CheckStatus>().Select(Word)]),
            ColumnContract.Required("meaning", "string", "What it means, in a sentence."),
            ColumnContract.Required("baseline", "string", "What was compared with."),
        ],
        Key = ["run_id", "checked_at", "check_name", "subject"],
        SortedBy = ["model_name", "checked_at"],
    };

    /// <summary>How good models were, week by week.</summary>
    public static TableContract Weeks { get; } = new()
    {
        Layer = "ml",
        Name = "weekly_performance",
        Grain = "One model version and one week: daylight hours that it was not trained on, as far as known when it was last checked.",
        Columns =
        [
            ColumnContract.Required("model_name", "string", "The registered model."),
            ColumnContract.Required("model_version", "int", "Its version."),
            ColumnContract.Required("run_id", "string", "The run that trained it, as tracking knows it."),
            ColumnContract.Required("week_from", "date", "The Monday that the week begins with, UTC."),
            .. ScoreTable.Contract.Pick("horizon"),
            ColumnContract.Required("checked_at", "timestamptz", "When it was last checked."),
            ColumnContract.Required("hours", "long", "Forecasts that were scored."),
            Share("nmae", "Mean absolute error"),
            Share("nrmse", "Root mean square error"),
            Share("nmbe", "Mean error; above 0 too much was forecast"),
            ColumnContract.Optional("coverage", "double", "Share of hours between the 10 % and 90 % quantiles; 0.8 is right.", "1"),
            Share("reference_nmae", "Mean absolute error of the convex combination"),
            Share("reference_nrmse", "Root mean square error of the convex combination"),
            ColumnContract.Optional("skill", "double", "1 - RMSE / RMSE of the convex combination; null when that makes no error.", "1"),
        ],
        Key = ["run_id", "week_from"],
        SortedBy = ["model_name", "week_from"],
    };

    /// <summary>The rows of a report's findings, in the order of the columns.</summary>
    internal static IEnumerable<object?[]> ResultRows(MonitorReport report) => report.Findings.Select(finding => (object?[])
    [
        report.CheckedAt, report.Version.Name, report.Version.Version, report.Version.RunId, report.Horizon.Name,
        FeatureTable.Weather(report.Weather), report.WindowFrom, report.WindowTo, finding.Check, finding.Subject, finding.Value,
        finding.Threshold, Word(finding.Status), finding.Meaning,
        finding.IsOfFeature ? report.InputBaseline : report.ErrorBaseline,
    ]);

    /// <summary>The rows of a report's weeks, in the order of the columns.</summary>
    internal static IEnumerable<object?[]> WeekRows(MonitorReport report) => report.Weeks.Select(week => (object?[])
    [
        report.Version.Name, report.Version.Version, report.Version.RunId, week.Monday, report.Horizon.Name, report.CheckedAt,
        (long)week.Model.Hours, week.Model.NormalisedMae, week.Model.NormalisedRmse, week.Model.NormalisedMbe, week.Coverage,
        week.Reference.NormalisedMae, week.Reference.NormalisedRmse, week.Skill,
    ]);

    private static ColumnContract Share(string name, string what) =>
        ColumnContract.Required(name, "double", $"{what}, as a share of AC capacity.", "1");

    private static string Word(CheckStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);
}
