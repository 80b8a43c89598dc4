using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

/// <summary>Rows to learn from whose truth is known.</summary>
internal static class Rows
{
    /// <summary>Standard deviation of the noise of <see cref="Curve"/>.</summary>
    public const double Noise = 0.02;

    public static TrainingSet Of(int count, string[] names, Func<int, double[]> features, Func<double[], double> target)
    {
        var rows = Enumerable.Range(0, count).Select(features).ToArray();
        return new(new(names, [.. rows.SelectMany(row => row)]), [.. rows.Select(target)]);
    }

    /// <summary>0.5 + 0.5 sin(angle) with normal noise, and a feature that says nothing.</summary>
    public static TrainingSet Curve(int seed, int count = 4000)
    {
        var random = new Random(seed);
        return Of(count, ["angle", "noise"], _ => [2 * Math.PI * random.NextDouble(), random.NextDouble()],
            row => 0.5 + (0.5 * Math.Sin(row[0])) + (Noise * Normal(random)));
    }

    /// <summary>0.2 below 3 and 0.8 from there on, 0.5 where the feature is missing: one row in ten.</summary>
    public static TrainingSet Step(int count = 1000) => Of(
        count, ["x", "other"], row => [row % 10 == 9 ? double.NaN : row % 6, row % 7],
        row => double.IsNaN(row[0]) ? 0.5 : row[0] < 3 ? 0.2 : 0.8);

    /// <summary>A normal number by the method of Box and Muller.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
