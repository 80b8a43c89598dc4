using System.Globalization;
using System.Runtime.InteropServices;
using static PvLakehouse.Forecasting.Learners.Xgboost.XgboostNative;

namespace PvLakehouse.Forecasting.Learners.Xgboost;

/// <summary>Gradient-boosted trees that grow level by level.</summary>
/// <remarks>
/// <para>Called through its C functions, so that the model is the library's own file and Python loads it. A missing value takes, at each
/// split, the side that lowers the loss.</para>
/// <para>
/// Source: T. Chen and C. Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016; parameters: xgboost.readthedocs.io, 2025.
/// </para>
/// </remarks>
internal sealed class XgboostLearner : ILearner
{
    private const string Trees = "num_boost_round";
    private const string Patience = "early_stopping_rounds";
    private const string Threads = "nthread";

    /// <summary>The first version that learns quantiles.</summary>
    private static readonly Version Quantiles = new(2, 0, 0);
    private readonly ResolvedSettings _settings;

    private XgboostLearner(ResolvedSettings settings) => _settings = settings;

    public static LearnerKind Kind { get; } = new(
        "xgboost", "gradient-boosted trees, grown level by level (XGBoost)",
        [
            new(Trees, "most trees", "1000", new IntegerRange(1, 100_000)),
            new(Patience, "trees without gain on the validation rows after which learning stops, 0 for never", "50",
                new IntegerRange(0, 10_000)),
            new("learning_rate", "share of each tree's answer that counts", "0.05", new RealRange(1e-4, 1),
                new RealRange(0.01, 0.2, Logarithmic: true)),
            new("max_depth", "most splits from the root to a leaf", "6", new IntegerRange(1, 16), new IntegerRange(3, 10)),
            // Of a squared error each row weighs 1.
            new("min_child_weight", "least weight of the rows of a leaf", "20", new RealRange(0, 1e6),
                new RealRange(1, 200, Logarithmic: true)),
            new("colsample_bytree", "share of the features that a tree looks at", "0.8", new RealRange(0.01, 1), new RealRange(0.4, 1)),
            new("subsample", "share of the rows that a tree is made of", "0.8", new RealRange(0.01, 1), new RealRange(0.5, 1)),
            new("reg_alpha", "penalty on the size of leaf values", "0", new RealRange(0, 1e6)),
            new("reg_lambda", "penalty on the square of leaf values", "1", new RealRange(0, 1e6),
                new RealRange(0.01, 100, Logarithmic: true)),
            new("gamma", "least gain of a split", "0", new RealRange(0, 1e6)),
            new("max_bin", "most steps into which a feature is cut", "256", new IntegerRange(2, 65_535)),
            new("grow_policy", "which leaf is split next: of the least depth, or of the most gain", "depthwise",
                new ChoiceRange("depthwise", "lossguide")),
            new(Threads, "threads, 0 for as many as there are processors; forecasts do not depend on it", "0", new IntegerRange(0, 256)),
        ],
        Trees, settings => new XgboostLearner(settings),
        () => XgboostLibrary.Unavailability is null && XgboostLibrary.Version >= Quantiles
            ? QuantileSupport.OneModelPerLevel
            : QuantileSupport.None,
        () => XgboostLibrary.Unavailability);

    public LearnerSettings Settings => _settings.Settings;

    public IForecastModel Train(TrainingSet training, TrainingSet? validation, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        LearnerChecks.Require(training, validation);
        var threads = _settings.Whole(Threads);
        using var rows = XgboostMatrix.Of(training, threads);
        using var later = validation is null ? null : XgboostMatrix.Of(validation, threads);
        MatrixHandle[] all = later is null ? [rows] : [rows, later];
        Check(BoosterCreate([.. all.Select(matrix => matrix.DangerousGetHandle())], (ulong)all.Length, out var created));
        using var booster = new BoosterHandle(created);
        Configure(booster);
        var trees = Boost(booster, rows, later, progress, cancellationToken);
        Check(BoosterSlice(booster, 0, trees, 1, out var kept));
        using var slice = new BoosterHandle(kept);
        return XgboostModel.Of(slice, training.Features.Names);
    }

    private void Configure(BoosterHandle booster)
    {
        foreach (var (name, value) in Settings.Parameters.Where(parameter => parameter.Key is not (Trees or Patience)))
        {
            Check(BoosterSetParam(booster, name, value));
        }

        Check(BoosterSetParam(booster, "seed", _settings.Seed.ToString(CultureInfo.InvariantCulture)));
        Check(BoosterSetParam(booster, "tree_method", "hist"));
        if (_settings.Level is { } level)
        {
            Check(BoosterSetParam(booster, "objective", "reg:quantileerror"));
            Check(BoosterSetParam(booster, "quantile_alpha", level.ToString(CultureInfo.InvariantCulture)));
            Check(BoosterSetParam(booster, "eval_metric", "quantile"));
        }
        else
        {
            Check(BoosterSetParam(booster, "objective", "reg:squarederror"));
            Check(BoosterSetParam(booster, "eval_metric", "rmse"));
        }
    }

    /// <summary>Adds trees for as long as that helps, and gives how many to keep; 0 for all.</summary>
    private int Boost(
        BoosterHandle booster, MatrixHandle rows, MatrixHandle? later, IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        var (most, best) = (_settings.Whole(Trees), new BestStep(_settings.Whole(Patience)));
        for (var tree = 1; tree <= most; tree++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Check(BoosterUpdateOneIter(booster, tree - 1, rows));
            double? loss = later is null ? null : Loss(booster, tree, later);
            progress?.Report(new(tree, most, _settings.Level is null ? "rmse" : "pinball", Loss(booster, tree, rows), loss));
            if (loss is { } value && !best.GoesOn(tree, value))
            {
                break;
            }
        }

        return best.Step;
    }

    private static double Loss(BoosterHandle booster, int tree, MatrixHandle rows)
    {
        Check(BoosterEvalOneIter(booster, tree - 1, [rows.DangerousGetHandle()], ["rows"], 1, out var result));
        // Such as "[0]\trows-rmse:0.123".
        var text = Marshal.PtrToStringUTF8(result) ?? "";
        return double.TryParse(text.AsSpan(text.LastIndexOf(':') + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var loss)
            ? loss
            : throw new ForecastingException($"XGBoost measured '{text}'; expected a name, a colon and a number.");
    }
}
