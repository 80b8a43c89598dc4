namespace PvLakehouse.Forecasting.Learners.Ridge;

/// <summary>Mean and standard deviation of each feature, missing values left out.</summary>
internal sealed record Scaling(double[] Means, double[] Deviations)
{
    public static Scaling Of(FeatureMatrix features)
    {
        var (counts, means, deviations) = (new int[features.Columns], new double[features.Columns], new double[features.Columns]);
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            for (var column = 0; column < means.Length; column++)
            {
                if (!double.IsNaN(values[column]))
                {
                    counts[column]++;
                    means[column] += values[column];
                }
            }
        }

        for (var column = 0; column < means.Length; column++)
        {
            means[column] /= counts[column];
        }

        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            for (var column = 0; column < means.Length; column++)
            {
                deviations[column] += double.IsNaN(values[column]) ? 0 : Math.Pow(values[column] - means[column], 2);
            }
        }

        for (var column = 0; column < means.Length; column++)
        {
            // A constant feature says nothing; divided by 1 it is 0 and stays so.
            deviations[column] = deviations[column] > 0 ? Math.Sqrt(deviations[column] / counts[column]) : 1;
        }

        return new(means, deviations);
    }

    /// <summary>The value in standard deviations from the mean; 0 when it is missing.</summary>
    public double Scaled(double value, int column) => double.IsNaN(value) ? 0 : (value - Means[column]) / Deviations[column];
}
