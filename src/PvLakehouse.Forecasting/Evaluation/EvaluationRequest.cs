using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Predictions of others that are to be scored.</summary>
/// <param name="File">The file; see <see cref="PredictionFile"/>.</param>
/// <param name="Horizon">The class of forecasts that they belong to.</param>
/// <param name="Name">The name under which their scores stand: not that of a learner or of a reference.</param>
public sealed record EvaluationRequest(string File, Horizon Horizon, string Name)
{
    private const int LongestName = 100;

    /// <summary>Asserts that the name can stand for them.</summary>
    /// <exception cref="ForecastingException">It cannot.</exception>
    internal void Require()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl) || Name != Name.Trim())
        {
            throw new ForecastingException(
                $"Predictions cannot be called '{Name}'; expected a name of 1 to {LongestName} characters without line breaks "
                + "and without blanks around it.");
        }

        string[] taken = [.. LearnerCatalogue.All.Select(kind => kind.Name), .. References.All];
        if (taken.Contains(Name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ForecastingException(
                $"Predictions cannot be called '{Name}', for that is a learner or reference here; taken are {string.Join(", ", taken)}.");
        }
    }
}
