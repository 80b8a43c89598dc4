using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Benchmarks.Learners;

/// <summary>Rows whose target is a smooth function of some features, with noise; one value in twenty is missing.</summary>
internal sealed record LearnerData(string[] Names, double[] Training, double[] TrainingTarget, double[] Validation,
    double[] ValidationTarget)
{
    public const int Rows = 140_000;
    public const int Columns = 60;
    public const int Trees = 100;
    public const int Threads = 2;
    private const int ValidationRows = 20_000;

    public TrainingSet TrainingSet => new(new(Names, Training), TrainingTarget);

    public TrainingSet ValidationSet => new(new(Names, Validation), ValidationTarget);

    public static LearnerData Make()
    {
        var random = new Random(1);
        var (training, target) = Draw(random, Rows);
        var (validation, later) = Draw(random, ValidationRows);
        return new([.. Enumerable.Range(0, Columns).Select(column => $"f{column}")], training, target, validation, later);
    }

    /// <summary>Root of the mean squared error on the training rows.</summary>
    public double ErrorOf(double[] forecast) =>
        Math.Sqrt(forecast.Zip(TrainingTarget, (said, happened) => Math.Pow(said - happened, 2)).Average());

    private static (double[] Features, double[] Target) Draw(Random random, int rows)
    {
        var (features, target) = (new double[rows * Columns], new double[rows]);
        for (var row = 0; row < rows; row++)
        {
            var values = features.AsSpan(row * Columns, Columns);
            foreach (ref var value in values)
            {
                value = random.NextDouble();
            }

            target[row] = (0.5 * values[0]) + (0.3 * Math.Sin(6 * values[1]) * values[2]) + (0.1 * random.NextDouble());
            for (var gap = 0; gap < Columns / 20; gap++)
            {
                values[random.Next(Columns)] = double.NaN;
            }
        }

        return (features, target);
    }
}
