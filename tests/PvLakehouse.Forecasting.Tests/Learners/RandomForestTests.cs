using System.Text;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

public sealed class RandomForestTests
{
    private static readonly double[] Levels = [0.1, 0.5, 0.9];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Quantiles_are_those_of_the_targets_around_a_row()
    {
        // x is 0, 1, 2 or 3 and y normal with the mean x / 4 and the deviation 0.02 (1 + x): its quantiles are known.
        var random = new Random(1);
        var rows = Rows.Of(4000, ["x"], row => [row % 4], x => (x[0] / 4) + (0.02 * (1 + x[0]) * Rows.Normal(random)));
        using var model = Assert.IsAssignableFrom<IQuantileForecastModel>(Learner().Train(rows, null, null, Token));

        var said = model.PredictQuantiles(new(["x"], [0, 1, 2, 3]), Levels);

        // In deviations a quantile of 1,000 targets has the standard error sqrt(p (1 - p) / 1000) over the density there, 0.175 at 10 %:
        // 0.054;
        // 2,000 draws from them (20 in each of 100 trees) add 0.038 to it: 0.066 together. Four of them are 0.27.
        for (var x = 0; x < 4; x++)
        {
            var deviation = 0.02 * (1 + x);
            Assert.Equal((x / 4.0) - (1.2816 * deviation), said[0][x], tolerance: 0.27 * deviation);
            Assert.Equal(x / 4.0, said[1][x], tolerance: 0.27 * deviation);
            Assert.Equal((x / 4.0) + (1.2816 * deviation), said[2][x], tolerance: 0.27 * deviation);
            // Of the mean of 1,000: 0.032. Four of them.
            Assert.Equal(x / 4.0, model.Predict(new(["x"], [0, 1, 2, 3]))[x], tolerance: 0.13 * deviation);
        }
    }

    [Fact]
    public void A_learner_of_one_quantile_forecasts_that_one_and_its_file_remembers_it()
    {
        var learner = Learner(("number_of_trees", "10"));
        using var all = (IQuantileForecastModel)learner.Train(Rows.Curve(1), null, null, Token);
        using var one = LearnerCatalogue.Create(learner.Settings with { Objective = Objective.Quantile(0.9) })
            .Train(Rows.Curve(1), null, null, Token);
        using var again = (IQuantileForecastModel)LearnerCatalogue.Load("pvlake", one.Save());

        var rows = Rows.Curve(3, 200).Features;
        var said = all.PredictQuantiles(rows, Levels);

        Assert.Equal(said[2], one.Predict(rows));
        Assert.Equal(said[2], again.Predict(rows));
        Assert.Equal(said[0], again.PredictQuantiles(rows, [0.1])[0]);
        Assert.All(Enumerable.Range(0, 200), row => Assert.True(said[0][row] <= said[1][row] && said[1][row] <= said[2][row]));
        Assert.Equal("A quantile has a level above 0 and below 1; found 1.",
            Assert.Throws<ForecastingException>(() => all.PredictQuantiles(rows, [0.5, 1])).Message);
    }

    [Fact]
    public void Growing_stops_when_told()
    {
        // Ten thousand trees take far longer than that.
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.ThrowsAny<OperationCanceledException>(() => Learner(("number_of_trees", "10000"))
            .Train(Rows.Curve(1), null, null, stop.Token));
    }

    [Fact]
    public void A_file_written_by_hand_forecasts_what_it_says()
    {
        using var model = (IQuantileForecastModel)LearnerCatalogue.Load("pvlake", Encoding.UTF8.GetBytes(ByHand("-1", "1")));

        // Up to 2, and where x is missing, the first tree has the leaf 0; above it asks for y, up to 0.5 leaf 1 and above leaf 2. The
        // second says 0.4.
        FeatureMatrix rows = new(["x", "y"], [2, 9, double.NaN, 9, 2.5, 0.5, 2.5, 0.6, 2.5, double.NaN]);
        Assert.Equal([0.25, 0.25, 0.3, 0.45, 0.3], model.Predict(rows), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        // Row 1: of 0.0, 0.2, 0.3, 0.5 the least that 50 % do not exceed is the second, and that 51 % do not exceed the third.
        Assert.Equal([0.0, 0.2, 0.3, 0.5], new[] { 0.25, 0.5, 0.51, 0.99 }.Select(level => model.PredictQuantiles(rows, [level])[0][0]),
            (expected, actual) => Math.Abs(expected - actual) < 1e-7);
        Assert.Equal([0.75, 0.25], model.Importance);
        Assert.Equal(2, model.Trees);
    }

    [Theory]
    [InlineData("-2", "1")] // Leaf 1 has two parents, and leaf 0 none.
    [InlineData("1", "1")] // Node 1 has two parents.
    [InlineData("0", "1")] // The root has a parent.
    [InlineData("-4", "1")] // There is no leaf 3.
    [InlineData("-1", "2")] // There is no node 2.
    public void Only_a_tree_is_a_tree(string left, string right)
    {
        var file = Encoding.UTF8.GetBytes(ByHand(left, right));

        Assert.Equal("Tree 1 of the random forest is damaged: its nodes and leaves do not make one tree.",
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Load("pvlake", file)).Message);
    }

    [Fact]
    public void A_damaged_file_is_refused_in_words()
    {
        using var model = Learner(("number_of_trees", "2")).Train(Rows.Curve(1, 300), null, null, Token);
        var file = Encoding.UTF8.GetString(model.Save());
        string Refusal(string from, string to)
        {
            Assert.Contains(from, file, StringComparison.Ordinal);
            return Assert.Throws<ForecastingException>(() =>
                LearnerCatalogue.Load("pvlake", Encoding.UTF8.GetBytes(file.Replace(from, to, StringComparison.Ordinal)))).Message;
        }

        const string NoTree = "Tree 1 of the random forest is damaged: its nodes and leaves do not make one tree.";
        Assert.Equal(NoTree, Refusal("\"left\":[", "\"left\":[0,"));
        Assert.Equal(NoTree, Refusal("\"feature\":[", "\"feature\":[9,"));
        Assert.Equal(NoTree, Refusal("\"sample\":[[", "\"sample\":[[1,"));
        Assert.Contains("no model of the flavor 'pvlake'", Refusal("\"left\":", "\"links\":"), StringComparison.Ordinal);
        Assert.Equal("The random forest has 1 features, 2 gains and 2 trees; expected one gain for each feature, and trees.",
            Refusal("\"angle\",\"noise\"", "\"angle\""));
    }

    /// <summary>A forest whose first tree's root has those children.</summary>
    private static string ByHand(string left, string right) => $$"""
        {"model": "random-forest", "format_version": 1, "features": ["x", "y"], "gains": [3, 1], "level": null, "trees": [
          {"feature": [0, 1], "threshold": [2, 0.5], "left": [{{left}}, -2], "right": [{{right}}, -3], "mean": [0.1, 0.2, 0.5],
           "sample": [[0.0, 0.2], [0.2, 0.2], [0.4, 0.6]]},
          {"feature": [], "threshold": [], "left": [], "right": [], "mean": [0.4], "sample": [[0.3, 0.5]]}]}
        """;

    private static ILearner Learner(params (string Name, string Value)[] parameters) =>
        LearnerCatalogue.Create(new()
        {
            Learner = "random-forest", Parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value),
        });
}
