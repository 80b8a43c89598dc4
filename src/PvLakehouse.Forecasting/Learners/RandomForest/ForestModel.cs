using System.Text.Json;

namespace PvLakehouse.Forecasting.Learners.RandomForest;

/// <summary>Trees whose answers are averaged; their leaves remember enough of the targets in them to give every quantile.</summary>
/// <remarks>
/// Each tree weighs the targets in the row's leaf alike, and all trees weigh alike (Meinshausen 2006). Instead of all targets a leaf
/// remembers as many as every other leaf, drawn from its own.
/// </remarks>
internal sealed class ForestModel(IReadOnlyList<string> features, Tree[] trees, double[] gains, double? level) : IQuantileForecastModel
{
    public IReadOnlyList<string> Features => features;

    public int Trees => trees.Length;

    public ModelFormat Format => PvlakeModel.Format;

    public IReadOnlyList<double> Importance => Shares.Of(gains);

    /// <exception cref="ForecastingException">Its parts do not fit together.</exception>
    public static ForestModel Of(ForestFile file)
    {
        if (file.Features.Length == 0 || file.Gains.Length != file.Features.Length || file.Trees.Length == 0)
        {
            throw new ForecastingException(
                $"The random forest has {file.Features.Length} features, {file.Gains.Length} gains and {file.Trees.Length} trees; "
                + "expected one gain for each feature, and trees.");
        }

        var damaged = Array.FindIndex(file.Trees, tree => !tree.IsWhole(file.Features.Length));
        return damaged < 0
            ? new(file.Features, file.Trees, file.Gains, file.Level is { } level ? Objective.RequireLevel(level) : null)
            : throw new ForecastingException(
                $"Tree {damaged + 1} of the random forest is damaged: its nodes and leaves do not make one tree.");
    }

    public double[] Predict(FeatureMatrix rows)
    {
        if (level is { } asked)
        {
            return PredictQuantiles(rows, [asked])[0];
        }

        LearnerChecks.RequireSame(features, rows);
        var forecast = new double[rows.Rows];
        Parallel.For(0, forecast.Length, row =>
        {
            var sum = 0.0;
            foreach (var tree in trees)
            {
                sum += tree.Mean[tree.LeafOf(rows.Row(row))];
            }

            forecast[row] = sum / trees.Length;
        });
        return forecast;
    }

    public double[][] PredictQuantiles(FeatureMatrix rows, IReadOnlyList<double> levels)
    {
        LearnerChecks.RequireSame(features, rows);
        ArgumentNullException.ThrowIfNull(levels);
        double[][] forecasts = [.. levels.Select(asked => new double[Objective.RequireLevel(asked) > 0 ? rows.Rows : 0])];
        Parallel.For(0, rows.Rows, () => new float[trees.Sum(tree => tree.Sample[0].Length)], (row, _, pool) =>
        {
            var count = 0;
            foreach (var tree in trees)
            {
                var sample = tree.Sample[tree.LeafOf(rows.Row(row))];
                sample.CopyTo(pool, count);
                count += sample.Length;
            }

            Array.Sort(pool);
            for (var i = 0; i < forecasts.Length; i++)
            {
                // The least target that at least this share of all does not exceed.
                forecasts[i][row] = pool[Math.Max((int)Math.Ceiling(levels[i] * count) - 1, 0)];
            }

            return pool;
        }, _ => { });
        return forecasts;
    }

    public byte[] Save() => JsonSerializer.SerializeToUtf8Bytes<PvlakeModel>(
        new ForestFile { Features = [.. features], Level = level, Gains = gains, Trees = trees }, PvlakeJson.Default.PvlakeModel);

    public void Dispose()
    {
    }
}
