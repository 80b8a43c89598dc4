using System.Text.Json;

namespace PvLakehouse.Forecasting.Learners.Ridge;

/// <summary>A plane through scaled features.</summary>
internal sealed class RidgeModel(IReadOnlyList<string> features, Scaling scaling, double[] coefficients, double intercept) : IForecastModel
{
    public IReadOnlyList<string> Features => features;

    public int Trees => 0;

    public ModelFormat Format => PvlakeModel.Format;

    public IReadOnlyList<double> Importance => Shares.Of([.. coefficients.Select(Math.Abs)]);

    /// <exception cref="ForecastingException">Its parts do not fit together.</exception>
    public static RidgeModel Of(RidgeFile file)
    {
        var lengths = new[] { file.Means.Length, file.Deviations.Length, file.Coefficients.Length };
        return file.Features.Length > 0 && lengths.All(length => length == file.Features.Length)
            ? new(file.Features, new(file.Means, file.Deviations), file.Coefficients, file.Intercept)
            : throw new ForecastingException(
                $"The model of ridge regression has {file.Features.Length} features, "
                + $"but {string.Join(", ", lengths)} means, deviations and coefficients.");
    }

    public double[] Predict(FeatureMatrix rows)
    {
        LearnerChecks.RequireSame(features, rows);
        var forecast = new double[rows.Rows];
        for (var row = 0; row < forecast.Length; row++)
        {
            var values = rows.Row(row);
            var sum = intercept;
            for (var column = 0; column < coefficients.Length; column++)
            {
                sum += coefficients[column] * scaling.Scaled(values[column], column);
            }

            forecast[row] = sum;
        }

        return forecast;
    }

    public byte[] Save() => JsonSerializer.SerializeToUtf8Bytes<PvlakeModel>(
        new RidgeFile
        {
            Features = [.. features], Means = scaling.Means, Deviations = scaling.Deviations,
            Coefficients = coefficients, Intercept = intercept,
        },
        PvlakeJson.Default.PvlakeModel);

    public void Dispose()
    {
    }
}
