using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Calibration;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Training;

/// <summary>Trains a model of one class of forecasts.</summary>
/// <param name="horizon">The class.</param>
/// <param name="settings">What the learner is made of; its objective is ignored, for all are needed.</param>
public sealed class ForecastTrainer(Horizon horizon, LearnerSettings settings)
{
    /// <summary>Trains.</summary>
    /// <param name="training">Rows to learn from, in the order of their issue; those without energy are left out.</param>
    /// <param name="validation">Later rows, which say when to stop and calibrate.</param>
    /// <param name="progress">Told of each step of the mean; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work between steps.</param>
    /// <exception cref="ForecastingException">Nothing can be learned.</exception>
    public TrainedForecast Train(
        ForecastRows training, ForecastRows validation, IProgress<TrainingStep>? progress, CancellationToken cancellationToken)
    {
        var (known, later) = (Known(training), Known(validation));
        var (rows, laterRows) = (Set(known), Set(later));
        var kind = LearnerCatalogue.Find(settings.Learner);
        var learner = LearnerCatalogue.Create(settings with { Objective = Objective.Mean });
        var models = new List<IForecastModel>();
        try
        {
            models.Add(learner.Train(rows, laterRows, progress, cancellationToken));
            if (kind.Quantiles == QuantileSupport.OneModelPerLevel)
            {
                models.AddRange(QuantileLevels.All.Select(level => LearnerCatalogue.Create(settings with { Objective = Objective.Quantile(level) })
                    .Train(rows, laterRows, progress: null, cancellationToken)));
            }

            var learned = TrainedForecast.Limited(later, models[0].Predict(later.Features));
            var blend = ReferenceBlend.Fit(References.Fit(known.Hours), later.Hours, learned);
            var (residuals, calibration) = kind.Quantiles == QuantileSupport.None
                ? FromResiduals(known, later, laterRows, learned, blend, learner.Settings, cancellationToken)
                : (null, ConformalQuantiles.Fit(later.Hours, TrainedForecast.RawQuantiles(
                    later, learned, TrainedForecast.Blended(later.Hours, learned, blend), models[0], models[1..], residuals: null)));
            return new()
            {
                Horizon = horizon,
                Settings = learner.Settings,
                Mean = models[0],
                Levels = models[1..],
                Blend = blend,
                Residuals = residuals,
                Calibration = calibration,
            };
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }
    }

    private static (ResidualQuantiles Residuals, ConformalQuantiles Calibration) FromResiduals(
        ForecastRows known, ForecastRows later, TrainingSet laterRows, double[] learned, ReferenceBlend blend, LearnerSettings settings,
        CancellationToken cancellationToken)
    {
        var crossFitted = new CrossFittedMeans(settings).Of(known, laterRows, cancellationToken);
        ForecastHour[] hours = [.. crossFitted.Hours, .. later.Hours];
        var means = TrainedForecast.Blended(hours, [.. crossFitted.Shares, .. learned], blend);
        var residuals = ResidualQuantiles.Fit(hours, means);
        return (residuals, ConformalQuantiles.Fit(hours, [.. hours.Zip(means, residuals.Apply)]));
    }

    private static ForecastRows Known(ForecastRows rows) => rows.Where(hour => hour.TargetShare is not null);

    /// <summary>Rows with known energy as learners want them.</summary>
    internal static TrainingSet Set(ForecastRows rows) => new(rows.Features, [.. rows.Hours.Select(hour => hour.TargetShare!.Value)]);
}
