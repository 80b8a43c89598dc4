using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>What one monitoring of one model found.</summary>
/// <param name="CheckedAt">When it was made.</param>
/// <param name="Version">The version that was looked at.</param>
/// <param name="Horizon">Its class of forecasts.</param>
/// <param name="Weather">The weather that its forecasts are made of.</param>
public sealed record MonitorReport(DateTimeOffset CheckedAt, ModelVersion Version, Horizon Horizon, WeatherKind Weather)
{
    private const int MostNamed = 10;

    /// <summary>Start of the first hour of the window.</summary>
    public required DateTimeOffset WindowFrom { get; init; }

    /// <summary>End of its last hour.</summary>
    public required DateTimeOffset WindowTo { get; init; }

    /// <summary>Daylight hours with energy in the window, once for each forecast.</summary>
    public required int Hours { get; init; }

    /// <summary>What inputs were compared with, in words.</summary>
    public required string InputBaseline { get; init; }

    /// <summary>What errors were compared with, in words.</summary>
    public required string ErrorBaseline { get; init; }

    /// <summary>The findings, the worst first.</summary>
    public required IReadOnlyList<MonitorFinding> Findings { get; init; }

    /// <summary>The weeks that the window touches, each as far as the model was not trained on it.</summary>
    public required IReadOnlyList<WeekPerformance> Weeks { get; init; }

    /// <summary>The findings that fail.</summary>
    public IEnumerable<MonitorFinding> Failed => Findings.Where(finding => finding.Status == CheckStatus.Fail);

    /// <summary>Whether a check fails.</summary>
    public bool HasFailed => Failed.Any();

    /// <summary>What was found, in a sentence.</summary>
    public string Verdict
    {
        get
        {
            var model = string.Create(
                CultureInfo.InvariantCulture, $"{Version.Name} version {Version.Version}, {WindowFrom:yyyy-MM-dd} to {WindowTo:yyyy-MM-dd}");
            var kind = Weather == WeatherKind.Hindcast ? "Perfect prog (weather as it turned out to be, no forecast accuracy): " : "";
            return HasFailed
                ? $"{kind}{model}: {Cause}"
                : $"{kind}{model}: nothing fails; {Count(CheckStatus.Warn)} of {Findings.Count} checks warn.";
        }
    }

    /// <summary>What fails, in a sentence for reasons and alerts; empty when nothing does.</summary>
    public string Cause
    {
        get
        {
            // Features one by one would hide what the model errs by.
            var features = Failed.Where(finding => finding.IsOfFeature).Select(finding => finding.Subject).Distinct(StringComparer.Ordinal).ToArray();
            var sentences = Failed.Where(finding => !finding.IsOfFeature).Select(finding => finding.Meaning);
            return string.Join(' ', features.Length > 0 ? sentences.Append($"Inputs drift: {Named(features)}.") : sentences);
        }
    }

    // A sentence ends as a tag of a version, whose length is limited.
    private static string Named(string[] features) => string.Join(", ", features.Take(MostNamed))
        + (features.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {features.Length - MostNamed} more") : "");

    private int Count(CheckStatus status) => Findings.Count(finding => finding.Status == status);
}
