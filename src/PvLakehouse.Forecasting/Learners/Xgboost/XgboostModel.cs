using System.Runtime.InteropServices;
using System.Text.Json;
using static PvLakehouse.Forecasting.Learners.Xgboost.XgboostNative;

namespace PvLakehouse.Forecasting.Learners.Xgboost;

/// <summary>Trees that XGBoost has learned, here or elsewhere.</summary>
internal sealed class XgboostModel : IForecastModel
{
    /// <summary>As many as there are processors.</summary>
    private const int Threads = 0;
    private const string FeatureNames = "feature_name";
    private readonly BoosterHandle _booster;

    private XgboostModel(BoosterHandle booster, IReadOnlyList<string> features, int trees) =>
        (_booster, Features, Trees) = (booster, features, trees);

    public IReadOnlyList<string> Features { get; }

    public int Trees { get; }

    public ModelFormat Format { get; } = new(ModelFormat.Xgboost, "model.json", XgboostLibrary.Version.ToString(), "xgboost.core.Booster");

    public unsafe IReadOnlyList<double> Importance
    {
        get
        {
            Check(BoosterFeatureScore(_booster, """{"importance_type": "total_gain"}""", out var count, out var names, out _, out _,
                out var scores));
            // Features that no split asks for are left out.
            var gains = new Dictionary<string, double>();
            for (var i = 0; i < (int)count; i++)
            {
                gains[Marshal.PtrToStringUTF8(names[i])!] = scores[i];
            }

            return Shares.Of([.. Features.Select(feature => gains.GetValueOrDefault(feature))]);
        }
    }

    /// <summary>Takes over what has been learned, by way of its JSON: what is forecast with is what is saved.</summary>
    public static XgboostModel Of(BoosterHandle booster, IReadOnlyList<string> features)
    {
        Check(BoosterSetFeatureInfo(booster, FeatureNames, [.. features], (ulong)features.Count));
        return Load(Json(booster));
    }

    /// <summary>Reads the JSON that XGBoost writes.</summary>
    /// <exception cref="ForecastingException">The content is no such JSON, or has no names of features; or there is no library.</exception>
    public static unsafe XgboostModel Load(ReadOnlySpan<byte> content)
    {
        RequireJson(content);
        _ = XgboostLibrary.Version;
        Check(BoosterCreate([], 0, out var created));
        var booster = new BoosterHandle(created);
        try
        {
            fixed (byte* bytes = content)
            {
                if (BoosterLoadModel(booster, bytes, (ulong)content.Length) != 0)
                {
                    throw new ForecastingException($"The content is no XGBoost model: {LastError()}");
                }
            }

            Check(BoosterBoostedRounds(booster, out var trees));
            var features = NamesOf(booster);
            return features.Length > 0
                ? new(booster, features, trees)
                : throw new ForecastingException(
                    "The XGBoost model does not name its features; expected 'feature_names' as training from named columns writes them.");
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    public unsafe double[] Predict(FeatureMatrix features)
    {
        LearnerChecks.RequireSame(Features, features);
        if (features.Rows == 0)
        {
            return [];
        }

        using var matrix = XgboostMatrix.Of(features, Threads);
        // 0: the value, not the margin; no range of trees: all; not for training; strict shape off: one number a row.
        const string Config = """{"type": 0, "iteration_begin": 0, "iteration_end": 0, "training": false, "strict_shape": false}""";
        Check(BoosterPredict(_booster, matrix, Config, out _, out _, out var result));
        var forecast = new double[features.Rows];
        for (var row = 0; row < forecast.Length; row++)
        {
            forecast[row] = result[row];
        }

        return forecast;
    }

    public byte[] Save() => Json(_booster);

    public void Dispose() => _booster.Dispose();

    /// <summary>The library takes anything else for a format that it has given up, and may not come back from reading it.</summary>
    private static void RequireJson(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        try
        {
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
            }

            if (!isObject)
            {
                throw new ForecastingException("The content is no XGBoost model as JSON: expected an object.");
            }
        }
        catch (JsonException e)
        {
            throw new ForecastingException($"The content is no XGBoost model as JSON, or a part of one: {NativeLibraries.FirstLine(e)}", e);
        }
    }

    private static unsafe byte[] Json(BoosterHandle booster)
    {
        Check(BoosterSaveModel(booster, """{"format": "json"}""", out var length, out var content));
        return new ReadOnlySpan<byte>(content, checked((int)length)).ToArray();
    }

    private static unsafe string[] NamesOf(BoosterHandle booster)
    {
        Check(BoosterGetFeatureInfo(booster, FeatureNames, out var count, out var names));
        var features = new string[count];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = Marshal.PtrToStringUTF8(names[i])!;
        }

        return features;
    }
}
