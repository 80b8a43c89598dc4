using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>Judges candidates by cross-validation.</summary>
internal sealed class FoldJudge
{
    private const int SampleSeed = 20_160_509;

    private readonly (TrainingSet Training, TrainingSet Validation, ForecastRows Judged, ForecastRows All)[] _folds;

    /// <summary>Makes a judge.</summary>
    /// <param name="rows">The rows; those without energy are left out.</param>
    /// <param name="folds">The rounds.</param>
    /// <exception cref="ForecastingException">A round has no rows in one of its stretches.</exception>
    public FoldJudge(ForecastRows rows, IReadOnlyList<Fold> folds) =>
        _folds = [.. folds.Select((fold, index) =>
        {
            var training = rows.Where(hour => hour.TargetShare is not null && fold.Split.IsTraining(hour));
            var validation = rows.Where(hour => hour.TargetShare is not null && fold.Split.IsValidation(hour));
            var judged = rows.Where(hour => hour is { TargetShare: not null, IsDaylight: true } && fold.IsJudged(hour));
            return training.Count > 0 && validation.Count > 0 && judged.Count > 0
                ? (ForecastTrainer.Set(training), ForecastTrainer.Set(validation), judged, training)
                : throw new ForecastingException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Round {index + 1} of cross-validation has {training.Count} rows to learn from, {validation.Count} to stop by and "
                    + $"{judged.Count} in daylight to judge by, the last before {fold.To:yyyy-MM-dd}; "
                    + $"expected some of each: more days are needed."));
        })];

    /// <summary>The root mean square error of daylight hours as a share of AC capacity, mean of the rounds.</summary>
    /// <param name="settings">The candidate.</param>
    /// <param name="share">The share of the learner's resource that it gets; of the rows to learn from where it has none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ForecastingException">Nothing can be learned.</exception>
    public double Judge(LearnerSettings settings, double share, CancellationToken cancellationToken)
    {
        var kind = LearnerCatalogue.Find(settings.Learner);
        var learner = LearnerCatalogue.Create(
            kind.Resource is null ? settings : settings with { Parameters = Limited(kind, settings, share) });
        return _folds.Average(fold =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var training = kind.Resource is null && share < 1
                ? ForecastTrainer.Set(RowSample.Of(
                    fold.All, Math.Max(LearnerChecks.FewestRows, (int)Math.Round(share * fold.All.Count)), new Random(SampleSeed)))
                : fold.Training;
            using var model = learner.Train(training, fold.Validation, progress: null, cancellationToken);
            return MeanError.Of(fold.Judged, model.Predict(fold.Judged.Features));
        });
    }

    private static Dictionary<string, string> Limited(LearnerKind kind, LearnerSettings settings, double share)
    {
        var whole = settings.Parameters.GetValueOrDefault(kind.Resource!)
            ?? kind.Parameters.First(parameter => parameter.Name == kind.Resource).Default;
        var limited = Math.Max(1, (int)Math.Round(share * int.Parse(whole, CultureInfo.InvariantCulture)));
        return new(settings.Parameters, StringComparer.Ordinal) { [kind.Resource!] = limited.ToString(CultureInfo.InvariantCulture) };
    }
}
