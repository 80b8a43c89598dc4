using System.Text;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

public sealed class LightGbmTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_saved_trees_say_what_the_library_says()
    {
        // Missing values in training and not, so that splits of both kinds are walked.
        var random = new Random(3);
        var rows = Rows.Of(3000, ["angle", "gaps", "noise"],
            _ => [6 * random.NextDouble(), random.NextDouble() < 0.3 ? double.NaN : random.NextDouble(), random.NextDouble()],
            row => Math.Sin(row[0]) + (double.IsNaN(row[1]) ? 0.4 : row[1]));
        using var model = Learner(("num_iterations", "60")).Train(rows, null, null, Token);

        var trees = new LightGbmTrees(Encoding.UTF8.GetString(model.Save()));

        FeatureMatrix unseen = new(rows.Features.Names,
            [3.1, 0.2, 0.5, 0.1, double.NaN, 0.9, double.NaN, 0.7, double.NaN, .. rows.Features.Values[..3000]]);
        var said = model.Predict(unseen);
        for (var row = 0; row < unseen.Rows; row++)
        {
            Assert.Equal(trees.Sum(unseen.Row(row)), said[row], tolerance: 1e-12);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void A_quantile_lies_above_its_share_of_what_happens(double level)
    {
        using var model = LearnerCatalogue.Create(new() { Learner = "lightgbm", Objective = Objective.Quantile(level) })
            .Train(Rows.Curve(1), Rows.Curve(2), null, Token);

        var unseen = Rows.Curve(3);
        var share = model.Predict(unseen.Features).Zip(unseen.Target, (said, happened) => happened <= said ? 1.0 : 0.0).Average();

        // Of 4,000 rows: a standard error of at most 0.008, and as much again of the rows that it learned from; three of their sum of
        // squares.
        Assert.Equal(level, share, tolerance: 0.034);
    }

    [Fact]
    public void A_tree_that_may_not_split_forecasts_the_mean()
    {
        var rows = Rows.Of(200, ["x"], row => [row % 2], x => 0.2 + (0.4 * x[0]));
        using var model = Learner(("min_data_in_leaf", "1000"), ("bagging_fraction", "1")).Train(rows, rows, null, Token);
        using var again = LearnerCatalogue.Load("lightgbm", model.Save());

        Assert.Equal([0.4, 0.4], again.Predict(new(["x"], [0, 1])), (expected, actual) => Math.Abs(expected - actual) < 1e-6);
        Assert.Equal([0.0], again.Importance);
    }

    [Fact]
    public void A_damaged_text_is_refused_in_words_and_never_reaches_the_library()
    {
        using var model = Learner(("num_iterations", "3")).Train(Rows.Curve(1), null, null, Token);
        var text = Encoding.UTF8.GetString(model.Save());
        string Refusal(string content) =>
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Load("lightgbm", Encoding.UTF8.GetBytes(content))).Message;
        const string NoModel = "The content is no LightGBM model, or a part of one: "
            + "expected a text from 'tree' to 'end of trees' with 'feature_names' and 'tree_sizes'.";
        const string NoTree = "The LightGBM model is damaged, or splits by categories: "
            + "its tree 1 is none of numerical splits in 2 features.";

        Assert.Equal(NoModel, Refusal(""));
        Assert.Equal(NoModel, Refusal("{}"));
        Assert.Equal(NoModel, Refusal(text[..(text.Length / 3)]));
        Assert.Equal("The LightGBM model is damaged: it has 2 trees, and the sizes of 3.", Refusal(Without(text, "Tree=1\n", "Tree=2\n")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nsplit_feature=", "7")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nthreshold=", "x")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nleft_child=", "0")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nnum_cat=", "1")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nnum_leaves=", "9")));
        Assert.Equal(NoTree, Refusal(InTree1(text, "\nleaf_", "w")));
        // A character more than the text says that there are.
        Assert.Equal(NoTree, Refusal(text.Insert(text.IndexOf("Tree=2", StringComparison.Ordinal), "\n")));
    }

    [Fact]
    public void The_version_is_that_of_the_package()
    {
        using var model = Learner(("num_iterations", "1")).Train(Rows.Curve(1), null, null, Token);

        Assert.Contains($"<PackageVersion Include=\"LightGBM\" Version=\"{model.Format.LibraryVersion}\" />",
            File.ReadAllText(Path.Combine(SourceFolder.OfTests(), "../../Directory.Packages.props")), StringComparison.Ordinal);
        Assert.Equal(new ModelFormat("lightgbm", "model.lgb", model.Format.LibraryVersion, "lightgbm.basic.Booster"), model.Format);
    }

    private static ILearner Learner(params (string Name, string Value)[] parameters) =>
        LearnerCatalogue.Create(new()
        {
            Learner = "lightgbm", Parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value),
        });

    private static string Without(string text, string from, string to) =>
        text.Remove(text.IndexOf(from, StringComparison.Ordinal),
            text.IndexOf(to, StringComparison.Ordinal) - text.IndexOf(from, StringComparison.Ordinal));

    /// <summary>In the second tree, other letters after those.</summary>
    private static string InTree1(string text, string after, string others)
    {
        var at = text.IndexOf(after, text.IndexOf("Tree=1\n", StringComparison.Ordinal), StringComparison.Ordinal) + after.Length;
        Assert.True(at > after.Length, after);
        return text[..at] + others + text[(at + others.Length)..];
    }
}
