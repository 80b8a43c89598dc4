using System.Globalization;
using System.Runtime.InteropServices;

namespace PvLakehouse.Benchmarks.Learners;

/// <summary>XGBoost as a C program would call it.</summary>
internal sealed unsafe partial class NativeXgboost(LearnerData data) : ILearnerRun
{
    // What the learner 'xgboost' asks for by default.
    private static readonly (string Name, string Value)[] Parameters =
    [
        ("objective", "reg:squarederror"), ("eval_metric", "rmse"), ("tree_method", "hist"), ("learning_rate", "0.05"), ("max_depth", "6"),
        ("min_child_weight", "20"), ("colsample_bytree", "0.8"), ("subsample", "0.8"), ("reg_lambda", "1"), ("nthread", "2"),
        ("seed", "42"), ("verbosity", "0"),
    ];

    private const string Library = "libxgboost.so.0";
    private nint _booster;

    public void Train()
    {
        var training = Matrix(data.Training, data.TrainingTarget);
        var validation = Matrix(data.Validation, data.ValidationTarget);
        Require(BoosterCreate([training, validation], 2, out _booster));
        foreach (var (name, value) in Parameters)
        {
            Require(SetParam(_booster, name, value));
        }

        for (var tree = 0; tree < LearnerData.Trees; tree++)
        {
            Require(UpdateOneIter(_booster, tree, training));
            Require(EvalOneIter(_booster, tree, [validation], ["rows"], 1, out _));
        }

        Require(MatrixFree(training));
        Require(MatrixFree(validation));
    }

    public double[] Predict()
    {
        var matrix = Matrix(data.Training, target: null);
        const string Config = """{"type": 0, "iteration_begin": 0, "iteration_end": 0, "training": false, "strict_shape": false}""";
        Require(PredictFromMatrix(_booster, matrix, Config, out _, out _, out var results));
        var forecast = new double[LearnerData.Rows];
        for (var row = 0; row < forecast.Length; row++)
        {
            forecast[row] = results[row];
        }

        Require(MatrixFree(matrix));
        return forecast;
    }

    public void Dispose() => Require(BoosterFree(_booster));

    private static nint Matrix(double[] features, double[]? target)
    {
        nint matrix;
        fixed (double* values = features)
        {
            var (address, rows) = ((nint)values, features.Length / LearnerData.Columns);
            var array = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"data": [{{address}}, true], "shape": [{{rows}}, {{LearnerData.Columns}}], "typestr": "<f8", "version": 3}""");
            Require(CreateFromDense(array, """{"missing": NaN, "nthread": 2}""", out matrix));
        }

        if (target is not null)
        {
            fixed (float* labels = Array.ConvertAll(target, value => (float)value))
            {
                Require(SetFloatInfo(matrix, "label", labels, (ulong)target.Length));
            }
        }

        return matrix;
    }

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("XGBoost failed.");
        }
    }

    [LibraryImport(Library, EntryPoint = "XGDMatrixCreateFromDense", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFromDense(string array, string config, out nint matrix);

    [LibraryImport(Library, EntryPoint = "XGDMatrixSetFloatInfo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetFloatInfo(nint matrix, string field, float* values, ulong count);

    [LibraryImport(Library, EntryPoint = "XGDMatrixFree")]
    private static partial int MatrixFree(nint matrix);

    [LibraryImport(Library, EntryPoint = "XGBoosterCreate")]
    private static partial int BoosterCreate([In] nint[] matrices, ulong count, out nint booster);

    [LibraryImport(Library, EntryPoint = "XGBoosterSetParam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetParam(nint booster, string name, string value);

    [LibraryImport(Library, EntryPoint = "XGBoosterUpdateOneIter")]
    private static partial int UpdateOneIter(nint booster, int iteration, nint training);

    [LibraryImport(Library, EntryPoint = "XGBoosterEvalOneIter", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int EvalOneIter(nint booster, int iteration, [In] nint[] matrices, [In] string[] names, ulong count,
        out nint result);

    [LibraryImport(Library, EntryPoint = "XGBoosterPredictFromDMatrix", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PredictFromMatrix(nint booster, nint matrix, string config, out ulong* shape, out ulong dimensions,
        out float* results);

    [LibraryImport(Library, EntryPoint = "XGBoosterFree")]
    private static partial int BoosterFree(nint booster);
}
