namespace PvLakehouse.Forecasting.Learners.Ridge;

/// <summary>Linear regression whose coefficients are held small: the least that a learner of more must beat.</summary>
/// <remarks>
/// <para>Features are centred and divided by their standard deviation. A missing value counts as the feature's mean in training, which is
/// recorded in the model: one gap in one feature must not cost a forecast.</para>
/// <para>Source: A. E. Hoerl and R. W. Kennard, Technometrics 12, 1970.</para>
/// </remarks>
internal sealed class RidgeLearner : ILearner
{
    private const string Penalty = "penalty";
    private readonly ResolvedSettings _settings;

    private RidgeLearner(ResolvedSettings settings) => _settings = settings;

    public static LearnerKind Kind { get; } = new(
        "ridge", "linear regression with a penalty on the coefficients",
        [new(Penalty, "penalty on the square of coefficients, times the number of rows", "0.001", new RealRange(1e-9, 1e6),
            new RealRange(1e-5, 10, Logarithmic: true))],
        resource: null, settings => new RidgeLearner(settings), () => QuantileSupport.None, () => null);

    public LearnerSettings Settings => _settings.Settings;

    /// <inheritdoc/>
    /// <remarks>One solution, found at once: there is no step to report, and the validation rows have nothing to say.</remarks>
    public IForecastModel Train(TrainingSet training, TrainingSet? validation, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        LearnerChecks.Require(training, validation);
        var scaling = Scaling.Of(training.Features);
        cancellationToken.ThrowIfCancellationRequested();
        var equations = NormalEquations.Of(training, scaling);
        cancellationToken.ThrowIfCancellationRequested();
        return new RidgeModel(
            training.Features.Names, scaling, equations.Solve(_settings.Number(Penalty) * training.Target.Count), equations.MeanTarget);
    }
}
