namespace PvLakehouse.Forecasting.Learners;

/// <summary>Learns a forecast from rows.</summary>
public interface ILearner
{
    /// <summary>What it was made of, every default written out: the same settings and rows make the same model to the last digit.</summary>
    LearnerSettings Settings { get; }

    /// <summary>Learns.</summary>
    /// <param name="training">Rows to learn from, in time order.</param>
    /// <param name="validation">
    /// Later rows, which say when to stop; nothing else is learned from them. Null to take every step, as when a model is made again from
    /// all
    /// rows with the number of steps that validation found best.
    /// </param>
    /// <param name="progress">Told of each step that is measured; null for nobody. It is called on the thread that learns.</param>
    /// <param name="cancellationToken">Stops the work between steps.</param>
    /// <exception cref="ForecastingException">
    /// Nothing can be learned: too few rows, a constant target, a feature that is always missing, features that differ, or a native library
    /// that
    /// is not there.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    IForecastModel Train(TrainingSet training, TrainingSet? validation, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken);
}
