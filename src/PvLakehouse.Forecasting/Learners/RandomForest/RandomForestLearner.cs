using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace PvLakehouse.Forecasting.Learners.RandomForest;

/// <summary>Trees of which each is grown on other rows and looks at other features, and whose answers are averaged.</summary>
/// <remarks>
/// <para>ML.NET grows them; it is used here alone, and the trees are taken over into our own <see cref="ForestModel"/>. ML.NET leaves out
/// rows with a missing value, so a missing value is given to it as one below all others: it goes left at every split, and a split can set
/// missing ones apart.</para>
/// <para>Sources: L. Breiman, "Random forests", Machine Learning 45, 2001; N. Meinshausen, "Quantile regression forests", Journal of
/// Machine
/// Learning Research 7, 2006.</para>
/// </remarks>
internal sealed class RandomForestLearner : ILearner
{
    private const string Trees = "number_of_trees";
    private const string Leaves = "number_of_leaves";
    private const string LeafRows = "minimum_example_count_per_leaf";
    private const string Bagging = "bagging_example_fraction";
    private const string SplitFeatures = "feature_fraction_per_split";
    private const string Bins = "maximum_bin_count_per_feature";
    private const string Samples = "number_of_quantile_samples";
    private const string Threads = "number_of_threads";
    private readonly ResolvedSettings _settings;

    private RandomForestLearner(ResolvedSettings settings) => _settings = settings;

    public static LearnerKind Kind { get; } = new(
        "random-forest", "the average of trees on drawn rows and features (ML.NET)",
        [
            new(Trees, "trees", "100", new IntegerRange(1, 10_000)),
            new(Leaves, "most leaves of a tree", "128", new IntegerRange(2, 10_000), new IntegerRange(32, 512, Logarithmic: true)),
            new(LeafRows, "fewest rows of a leaf", "20", new IntegerRange(1, 100_000), new IntegerRange(5, 100, Logarithmic: true)),
            new(Bagging, "share of the rows that a tree is made of", "0.7", new RealRange(0.01, 1), new RealRange(0.4, 0.9)),
            // A third: Breiman's choice for regression.
            new(SplitFeatures, "share of the features that a split looks at", "0.33", new RealRange(0.01, 1), new RealRange(0.1, 0.8)),
            new(Bins, "most steps into which a feature is cut", "255", new IntegerRange(2, 65_535)),
            new(Samples, "targets that each leaf remembers for quantiles", "20", new IntegerRange(1, 1000)),
            new(Threads, "threads, 0 for as many as there are processors; forecasts do not depend on it", "0", new IntegerRange(0, 256)),
        ],
        Trees, settings => new RandomForestLearner(settings), () => QuantileSupport.OneModelForAll, () => null);

    public LearnerSettings Settings => _settings.Settings;

    /// <inheritdoc/>
    /// <remarks>More trees never make it worse, so the validation rows have nothing to say and no step is reported.</remarks>
    public IForecastModel Train(TrainingSet training, TrainingSet? validation, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        LearnerChecks.Require(training, validation);
        cancellationToken.ThrowIfCancellationRequested();
        var context = new MLContext(_settings.Seed);
        // It has no other way to be stopped, and it logs something for each tree.
        context.Log += (_, _) => cancellationToken.ThrowIfCancellationRequested();
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, training.Features.Columns);
        var trainer = context.Regression.Trainers.FastForest(new FastForestRegressionTrainer.Options
        {
            NumberOfTrees = _settings.Whole(Trees),
            NumberOfLeaves = _settings.Whole(Leaves),
            MinimumExampleCountPerLeaf = _settings.Whole(LeafRows),
            BaggingExampleFraction = _settings.Number(Bagging),
            // Which features a tree may look at is drawn for each split alone, as Breiman does.
            FeatureFraction = 1,
            FeatureFractionPerSplit = _settings.Number(SplitFeatures),
            MaximumBinCountPerFeature = _settings.Whole(Bins),
            NumberOfQuantileSamples = _settings.Whole(Samples),
            NumberOfThreads = _settings.Whole(Threads) is > 0 and var threads ? threads : Environment.ProcessorCount,
            Seed = _settings.Seed,
            FeatureSelectionSeed = _settings.Seed,
            LabelColumnName = nameof(Example.Target),
            FeatureColumnName = nameof(Example.Features),
        });
        using var grown = trainer.Fit(context.Data.LoadFromEnumerable(Examples(training), schema));
        return Of(grown.Model.TrainedTreeEnsemble.Trees, training.Features.Names);
    }

    private ForestModel Of(IReadOnlyList<QuantileRegressionTree> grown, IReadOnlyList<string> features)
    {
        var gains = new double[features.Count];
        foreach (var tree in grown)
        {
            foreach (var (feature, gain) in tree.NumericalSplitFeatureIndexes.Zip(tree.SplitGains))
            {
                gains[feature] += gain;
            }
        }

        return new(features, [.. grown.Select(Of)], gains, _settings.Level);
    }

    private static Tree Of(QuantileRegressionTree grown) => new()
    {
        Feature = [.. grown.NumericalSplitFeatureIndexes],
        Threshold = [.. grown.NumericalSplitThresholds],
        Left = [.. grown.LeftChild],
        Right = [.. grown.RightChild],
        Mean = [.. grown.LeafValues],
        Sample = [.. Enumerable.Range(0, grown.NumberOfLeaves)
            .Select(leaf => grown.GetLeafSamplesAt(leaf).Select(value => (float)value).Order().ToArray())],
    };

    /// <summary>The rows, made anew each time that they are asked for, so that they are not held twice.</summary>
    private static IEnumerable<Example> Examples(TrainingSet training)
    {
        for (var row = 0; row < training.Target.Count; row++)
        {
            var values = new float[training.Features.Columns];
            for (var column = 0; column < values.Length; column++)
            {
                var value = training.Features.Values[(row * values.Length) + column];
                values[column] = double.IsNaN(value) ? float.MinValue : (float)value;
            }

            yield return new() { Features = values, Target = (float)training.Target[row] };
        }
    }

    private sealed class Example
    {
        public float[] Features { get; init; } = [];

        public float Target { get; init; }
    }
}
