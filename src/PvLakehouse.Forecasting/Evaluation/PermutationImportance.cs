using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>How much worse a model forecasts when the values of one feature are dealt out anew among the hours.</summary>
/// <remarks>
/// Features that say the same stand in for each other, so each of them can look as if it did not matter. All features are dealt out in the
/// same orders, so that chance favours none. Source: L. Breiman, "Random forests", Machine Learning 45, 2001; as
/// <c>permutation_importance</c> of scikit-learn, with the root mean square error as a share of AC capacity for its score.
/// </remarks>
public static class PermutationImportance
{
    /// <summary>Most hours that are forecast: more would hardly change the mean.</summary>
    public const int MostRows = 5_000;

    /// <summary>How often each feature is dealt out anew.</summary>
    public const int Repeats = 5;

    /// <summary>Measures every feature of a model.</summary>
    /// <param name="model">The model; its mean is what is looked at.</param>
    /// <param name="rows">
    /// Hours that it has not learned from. Daylight with known energy counts; of more than <see cref="MostRows"/> one is drawn from each of
    /// so many equal stretches.
    /// </param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="cancellationToken">Stops the work between forecasts.</param>
    /// <returns>The features in the model's order.</returns>
    /// <exception cref="ForecastingException">The features are others than in training, or no daylight hour has known energy.</exception>
    public static IReadOnlyList<FeatureImportance> Of(
        TrainedForecast model, ForecastRows rows, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var random = new Random(seed);
        var known = RowSample.Of(rows.Where(hour => hour is { TargetShare: not null, IsDaylight: true }), MostRows, random);
        if (known.Count == 0)
        {
            throw new ForecastingException(
                $"None of the {rows.Count} rows is a daylight hour with known energy, so no feature's importance can be measured.");
        }

        var orders = Enumerable.Range(0, Repeats).Select(_ => Order(known.Count, random)).ToArray();
        var error = MeanError.Of(known, model.Mean.Predict(known.Features));
        var gains = model.Mean.Trees > 0 ? model.Mean.Importance : null;
        return [.. known.Features.Names.Select((feature, column) => new FeatureImportance(feature, gains?[column], Rise(column)))];

        double Rise(int column) => orders.Average(order =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return MeanError.Of(known, model.Mean.Predict(Dealt(known.Features, column, order))) - error;
        });
    }

    private static int[] Order(int rows, Random random)
    {
        var order = Enumerable.Range(0, rows).ToArray();
        // Fisher and Yates.
        random.Shuffle(order);
        return order;
    }

    private static FeatureMatrix Dealt(FeatureMatrix features, int column, int[] order)
    {
        var values = features.Values.ToArray();
        for (var row = 0; row < order.Length; row++)
        {
            values[(row * features.Columns) + column] = features.Row(order[row])[column];
        }

        return new(features.Names, values);
    }
}

/// <summary>How much a feature has to say in a model.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Gain">The share of all that splits on it lowered the loss in training, 0 to 1; null of a model without trees.</param>
/// <param name="Permutation">
/// By how much the root mean square error rises, as a share of AC capacity, when the feature's values are dealt out anew; 0 of a feature
/// that the model ignores, below 0 where the model does better without.
/// </param>
public sealed record FeatureImportance(string Feature, double? Gain, double Permutation);
