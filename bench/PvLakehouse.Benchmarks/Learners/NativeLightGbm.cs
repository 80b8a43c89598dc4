using System.Runtime.InteropServices;

namespace PvLakehouse.Benchmarks.Learners;

/// <summary>LightGBM as a C program would call it.</summary>
internal sealed unsafe partial class NativeLightGbm(LearnerData data) : ILearnerRun
{
    // What the learner 'lightgbm' asks for by default.
    private const string Parameters =
        "objective=regression metric=rmse learning_rate=0.05 num_leaves=31 min_data_in_leaf=100 feature_fraction=0.8 "
        + "bagging_fraction=0.8 bagging_freq=1 lambda_l2=1 num_threads=2 seed=42 deterministic=true force_row_wise=true verbosity=-1";

    private const string Library = "lib_lightgbm";
    private nint _booster;

    public void Train()
    {
        var training = Dataset(data.Training, data.TrainingTarget, 0);
        var validation = Dataset(data.Validation, data.ValidationTarget, training);
        Require(BoosterCreate(training, Parameters, out _booster));
        Require(AddValidData(_booster, validation));
        for (var tree = 0; tree < LearnerData.Trees; tree++)
        {
            double loss;
            Require(UpdateOneIter(_booster, out _));
            Require(GetEval(_booster, 1, out _, &loss));
        }
    }

    public double[] Predict()
    {
        var forecast = new double[LearnerData.Rows];
        fixed (double* values = data.Training, results = forecast)
        {
            Require(PredictForMat(_booster, values, 1, LearnerData.Rows, LearnerData.Columns, 1, 0, 0, 0, "", out _, results));
        }

        return forecast;
    }

    public void Dispose() => Require(BoosterFree(_booster));

    private static nint Dataset(double[] features, double[] target, nint reference)
    {
        nint dataset;
        fixed (double* values = features)
        {
            Require(CreateFromMat(values, 1, target.Length, LearnerData.Columns, 1, Parameters, reference, out dataset));
        }

        fixed (float* labels = Array.ConvertAll(target, value => (float)value))
        {
            Require(SetField(dataset, "label", labels, target.Length, 0));
        }

        return dataset;
    }

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("LightGBM failed.");
        }
    }

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFromMat(double* data, int type, int rows, int columns, int isRowMajor, string parameters,
        nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetField(nint dataset, string name, float* values, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int BoosterCreate(nint training, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterAddValidData")]
    private static partial int AddValidData(nint booster, nint validation);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    private static partial int UpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetEval")]
    private static partial int GetEval(nint booster, int data, out int count, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PredictForMat(
        nint booster, double* data, int type, int rows, int columns, int isRowMajor, int predictType, int start, int count,
        string parameters, out long length, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    private static partial int BoosterFree(nint booster);
}
