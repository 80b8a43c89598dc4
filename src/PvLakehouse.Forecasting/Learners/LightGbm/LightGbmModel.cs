using System.Text;
using static PvLakehouse.Forecasting.Learners.LightGbm.LightGbmNative;

namespace PvLakehouse.Forecasting.Learners.LightGbm;

/// <summary>Trees that LightGBM has learned, here or elsewhere.</summary>
internal sealed class LightGbmModel : IForecastModel
{
    private readonly byte[] _text;
    private readonly BoosterHandle _booster;

    private LightGbmModel(byte[] text, IReadOnlyList<string> features, BoosterHandle booster, int trees) =>
        (_text, Features, _booster, Trees) = (text, features, booster, trees);

    public IReadOnlyList<string> Features { get; }

    public int Trees { get; }

    public ModelFormat Format { get; } = new(ModelFormat.LightGbm, "model.lgb", LibraryVersion, "lightgbm.basic.Booster");

    public unsafe IReadOnlyList<double> Importance
    {
        get
        {
            var gains = new double[Features.Count];
            fixed (double* results = gains)
            {
                Check(BoosterFeatureImportance(_booster, 0, ImportanceGain, results));
            }

            return Shares.Of(gains);
        }
    }

    /// <summary>Takes over the first trees of what has been learned, by way of its text: what is forecast with is what is saved.</summary>
    public static unsafe LightGbmModel Of(BoosterHandle booster, int trees)
    {
        Check(BoosterSaveModelToString(booster, 0, trees, ImportanceGain, 0, out var length, null));
        var buffer = new byte[length];
        fixed (byte* text = buffer)
        {
            Check(BoosterSaveModelToString(booster, 0, trees, ImportanceGain, length, out _, text));
        }

        return Load(buffer.AsSpan().TrimEnd((byte)0));
    }

    /// <summary>Reads the text that LightGBM writes.</summary>
    /// <exception cref="ForecastingException">The content is no such text, or is cut off.</exception>
    public static LightGbmModel Load(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        var features = LightGbmText.RequireWhole(text);
        Check(BoosterLoadModelFromString(text, out var trees, out var booster));
        return new(content.ToArray(), features, new BoosterHandle(booster), trees);
    }

    public unsafe double[] Predict(FeatureMatrix features)
    {
        LearnerChecks.RequireSame(Features, features);
        var forecast = new double[features.Rows];
        if (forecast.Length == 0)
        {
            return forecast;
        }

        fixed (double* values = features.Values, results = forecast)
        {
            Check(BoosterPredictForMat(
                _booster, values, Float64, features.Rows, features.Columns, isRowMajor: 1, PredictNormal, 0, 0, "", out _, results));
        }

        return forecast;
    }

    public byte[] Save() => [.. _text];

    public void Dispose() => _booster.Dispose();
}
