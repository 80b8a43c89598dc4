namespace PvLakehouse.Forecasting.Learners;

/// <summary>What a learner has learned. It may be asked from several threads at once.</summary>
public interface IForecastModel : IDisposable
{
    /// <summary>The features, in the order in which a row has them.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Trees that are kept, up to the best one on the validation rows; 0 of a model without trees.</summary>
    int Trees { get; }

    /// <summary>How <see cref="Save"/> writes it.</summary>
    ModelFormat Format { get; }

    /// <summary>
    /// How much each feature has to say, in their order; they add up to 1, or are all 0. By gain, how much the splits on the feature
    /// lowered the
    /// loss; of ridge regression by the size of the coefficients of scaled features.
    /// </summary>
    IReadOnlyList<double> Importance { get; }

    /// <summary>Forecasts some rows as shares of AC capacity: the mean, or the quantile that was learned.</summary>
    /// <param name="features">The rows; the same features in the same order as in training.</param>
    /// <exception cref="ForecastingException">The features are others.</exception>
    double[] Predict(FeatureMatrix features);

    /// <summary>The model as a file; what <see cref="LearnerCatalogue.Load"/> reads forecasts the same to the last digit.</summary>
    byte[] Save();
}

/// <summary>A model that knows every quantile at once.</summary>
public interface IQuantileForecastModel : IForecastModel
{
    /// <summary>Forecasts quantiles of some rows as shares of AC capacity.</summary>
    /// <param name="features">The rows; the same features in the same order as in training.</param>
    /// <param name="levels">The levels, each above 0 and below 1. Length n.</param>
    /// <returns>For each level the forecast of each row; a higher level is never below a lower one.</returns>
    /// <exception cref="ForecastingException">The features are others, or a level is out of its range.</exception>
    double[][] PredictQuantiles(FeatureMatrix features, IReadOnlyList<double> levels);
}
