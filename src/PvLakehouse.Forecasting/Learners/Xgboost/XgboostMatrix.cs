using System.Globalization;
using static PvLakehouse.Forecasting.Learners.Xgboost.XgboostNative;

namespace PvLakehouse.Forecasting.Learners.Xgboost;

/// <summary>Rows as XGBoost holds them.</summary>
internal static class XgboostMatrix
{
    /// <summary>Copies features; not a number is a missing value.</summary>
    public static unsafe MatrixHandle Of(FeatureMatrix features, int threads)
    {
        nint created;
        fixed (double* values = features.Values)
        {
            // The array interface of NumPy, version 3: an address, a shape, and 64-bit numbers in the order of this machine.
            var (address, shape) = ((nint)values, string.Create(CultureInfo.InvariantCulture, $"{features.Rows}, {features.Columns}"));
            var array = string.Create(
                CultureInfo.InvariantCulture, $$"""{"data": [{{address}}, true], "shape": [{{shape}}], "typestr": "<f8", "version": 3}""");
            var config = string.Create(CultureInfo.InvariantCulture, $$"""{"missing": NaN, "nthread": {{threads}}}""");
            Check(MatrixCreateFromDense(array, config, out created));
        }

        return new(created);
    }

    /// <summary>Copies features and targets.</summary>
    public static unsafe MatrixHandle Of(TrainingSet set, int threads)
    {
        var matrix = Of(set.Features, threads);
        try
        {
            var labels = set.Target.Select(value => (float)value).ToArray();
            fixed (float* label = labels)
            {
                Check(MatrixSetFloatInfo(matrix, "label", label, (ulong)labels.Length));
            }

            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }
}
