using System.Globalization;
using static PvLakehouse.Forecasting.Learners.LightGbm.LightGbmNative;

namespace PvLakehouse.Forecasting.Learners.LightGbm;

/// <summary>Gradient-boosted trees that grow leaf by leaf.</summary>
/// <remarks>
/// <para>Called through its C functions, so that the model is the library's own file and Python loads it. Missing values are the library's:
/// they take the side of a split that lowers the loss. A feature that was never missing in training counts as 0 where it is missing
/// later.</para>
/// <para>Source: G. Ke et al., "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS 2017; parameters: LightGBM 4,
/// lightgbm.readthedocs.io, 2025.</para>
/// </remarks>
internal sealed class LightGbmLearner : ILearner
{
    private const string Trees = "num_iterations";
    private const string Patience = "early_stopping_round";
    private readonly ResolvedSettings _settings;

    private LightGbmLearner(ResolvedSettings settings) => _settings = settings;

    public static LearnerKind Kind { get; } = new(
        "lightgbm", "gradient-boosted trees, grown leaf by leaf (LightGBM)",
        [
            new(Trees, "most trees", "1000", new IntegerRange(1, 100_000)),
            new(Patience, "trees without gain on the validation rows after which learning stops, 0 for never", "50",
                new IntegerRange(0, 10_000)),
            new("learning_rate", "share of each tree's answer that counts", "0.05", new RealRange(1e-4, 1),
                new RealRange(0.01, 0.2, Logarithmic: true)),
            new("num_leaves", "most leaves of a tree", "31", new IntegerRange(2, 10_000), new IntegerRange(8, 255, Logarithmic: true)),
            // 100 rows: some days of one hour at one farm.
            new("min_data_in_leaf", "fewest rows of a leaf", "100", new IntegerRange(1, 100_000),
                new IntegerRange(20, 500, Logarithmic: true)),
            new("feature_fraction", "share of the features that a tree looks at", "0.8", new RealRange(0.01, 1), new RealRange(0.4, 1)),
            new("bagging_fraction", "share of the rows that a tree is made of", "0.8", new RealRange(0.01, 1), new RealRange(0.5, 1)),
            new("lambda_l1", "penalty on the size of leaf values", "0", new RealRange(0, 1e6)),
            new("lambda_l2", "penalty on the square of leaf values", "1", new RealRange(0, 1e6),
                new RealRange(0.01, 100, Logarithmic: true)),
            new("min_gain_to_split", "least gain of a split", "0", new RealRange(0, 1e6)),
            new("max_bin", "most steps into which a feature is cut", "255", new IntegerRange(2, 65_535)),
            new("num_threads", "threads, 0 for as many as there are processors; forecasts do not depend on it", "0",
                new IntegerRange(0, 256)),
        ],
        Trees, settings => new LightGbmLearner(settings), () => QuantileSupport.OneModelPerLevel, () => Unavailability);

    public LearnerSettings Settings => _settings.Settings;

    /// <summary>
    /// The settings as the library reads them. A deterministic run costs little, and one run must give the next one's model.
    /// </summary>
    private string Parameters => string.Join(' ',
    [
        .. Settings.Parameters.Where(parameter => parameter.Key != Patience).Select(parameter => $"{parameter.Key}={parameter.Value}"),
        _settings.Level is { } level
            ? string.Create(CultureInfo.InvariantCulture, $"objective=quantile alpha={level} metric=quantile")
            : "objective=regression metric=rmse",
        string.Create(CultureInfo.InvariantCulture, $"seed={_settings.Seed}"),
        "bagging_freq=1 deterministic=true force_row_wise=true verbosity=-1",
    ]);

    public IForecastModel Train(TrainingSet training, TrainingSet? validation, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        LearnerChecks.Require(training, validation);
        using var rows = Dataset(training, Parameters, reference: null);
        using var later = validation is null ? null : Dataset(validation, Parameters, rows);
        Check(BoosterCreate(rows, Parameters, out var created));
        using var booster = new BoosterHandle(created);
        if (later is not null)
        {
            Check(BoosterAddValidData(booster, later));
        }

        return LightGbmModel.Of(booster, trees: Boost(booster, later is not null, progress, cancellationToken));
    }

    /// <summary>Adds trees for as long as that helps, and gives how many to keep; 0 for all.</summary>
    private int Boost(BoosterHandle booster, bool validates, IProgress<TrainingStep>? progress, CancellationToken cancellationToken)
    {
        var (most, best) = (_settings.Whole(Trees), new BestStep(_settings.Whole(Patience)));
        for (var tree = 1; tree <= most; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Check(BoosterUpdateOneIter(booster, out var isFinished));
            if (isFinished != 0)
            {
                break;
            }

            double? loss = validates ? Loss(booster, ValidationData) : null;
            progress?.Report(new(tree, most, _settings.Level is null ? "rmse" : "pinball", Loss(booster, TrainingData), loss));
            if (loss is { } value && !best.GoesOn(tree, value))
            {
                break;
            }
        }

        return best.Step;
    }

    private static unsafe double Loss(BoosterHandle booster, int data)
    {
        double loss;
        Check(BoosterGetEval(booster, data, out _, &loss));
        return loss;
    }

    private static string? Unavailability
    {
        get
        {
            try
            {
                _ = GetLastError();
                return null;
            }
            catch (ForecastingException e)
            {
                return e.Message;
            }
        }
    }

    private static unsafe DatasetHandle Dataset(TrainingSet set, string parameters, DatasetHandle? reference)
    {
        nint created;
        fixed (double* values = set.Features.Values)
        {
            Check(DatasetCreateFromMat(
                values, Float64, set.Features.Rows, set.Features.Columns, isRowMajor: 1, parameters,
                reference?.DangerousGetHandle() ?? 0, out created));
        }

        var dataset = new DatasetHandle(created);
        try
        {
            var labels = set.Target.Select(value => (float)value).ToArray();
            fixed (float* label = labels)
            {
                Check(DatasetSetField(dataset, "label", label, labels.Length, Float32));
            }

            Check(DatasetSetFeatureNames(dataset, [.. set.Features.Names], set.Features.Columns));
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }
}
