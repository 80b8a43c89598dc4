namespace PvLakehouse.Forecasting.Learners.Ridge;

/// <summary>X'X and X'y of scaled features and a centred target.</summary>
internal sealed class NormalEquations
{
    private readonly double[,] _products;
    private readonly double[] _moments;

    private NormalEquations(double[,] products, double[] moments, double meanTarget) =>
        (_products, _moments, MeanTarget) = (products, moments, meanTarget);

    public double MeanTarget { get; }

    public static NormalEquations Of(TrainingSet training, Scaling scaling)
    {
        var (features, mean) = (training.Features, training.Target.Average());
        var (products, moments) = (new double[features.Columns, features.Columns], new double[features.Columns]);
        var scaled = new double[features.Columns];
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            for (var column = 0; column < scaled.Length; column++)
            {
                scaled[column] = scaling.Scaled(values[column], column);
            }

            for (var column = 0; column < scaled.Length; column++)
            {
                moments[column] += scaled[column] * (training.Target[row] - mean);
                for (var other = 0; other <= column; other++)
                {
                    products[column, other] += scaled[column] * scaled[other];
                }
            }
        }

        return new(products, moments, mean);
    }

    /// <summary>
    /// The coefficients for a penalty above 0, by Cholesky's decomposition: the penalty makes the matrix positive definite.
    /// </summary>
    public double[] Solve(double penalty)
    {
        var root = Root(penalty);
        var solution = (double[])_moments.Clone();
        for (var i = 0; i < solution.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                solution[i] -= root[i, k] * solution[k];
            }

            solution[i] /= root[i, i];
        }

        for (var i = solution.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < solution.Length; k++)
            {
                solution[i] -= root[k, i] * solution[k];
            }

            solution[i] /= root[i, i];
        }

        return solution;
    }

    /// <summary>The lower triangle whose product with its transpose is X'X plus the penalty on the diagonal.</summary>
    private double[,] Root(double penalty)
    {
        var n = _moments.Length;
        var root = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = _products[i, j] + (i == j ? penalty : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= root[i, k] * root[j, k];
                }

                root[i, j] = i == j ? Math.Sqrt(sum) : sum / root[j, j];
            }
        }

        return root;
    }
}
