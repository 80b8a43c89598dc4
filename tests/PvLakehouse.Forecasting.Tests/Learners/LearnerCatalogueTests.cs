using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

public sealed class LearnerCatalogueTests
{
    [Fact]
    public void What_is_unknown_or_out_of_range_is_refused_with_what_is_allowed()
    {
        static string Refusal(LearnerSettings settings) =>
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Create(settings)).Message;
        static LearnerSettings With(string learner, string name, string value) =>
            new() { Learner = learner, Parameters = new Dictionary<string, string> { [name] = value } };

        Assert.Equal("There is no learner 'prophet'; there are lightgbm, xgboost, random-forest, ridge.",
            Refusal(new() { Learner = "prophet" }));
        Assert.Equal("The learner 'ridge' has no parameter 'alpha'; it has penalty.", Refusal(With("ridge", "alpha", "1")));
        Assert.Equal("The parameter 'learning_rate' of the learner 'lightgbm' is '2'; expected a number from 0.0001 to 1.",
            Refusal(With("lightgbm", "learning_rate", "2")));
        Assert.Equal("The parameter 'learning_rate' of the learner 'lightgbm' is 'NaN'; expected a number from 0.0001 to 1.",
            Refusal(With("lightgbm", "learning_rate", "NaN")));
        Assert.Equal("The parameter 'num_leaves' of the learner 'lightgbm' is '31.5'; expected a whole number from 2 to 10000.",
            Refusal(With("lightgbm", "num_leaves", "31.5")));
        Assert.Equal("The parameter 'grow_policy' of the learner 'xgboost' is 'best'; expected one of depthwise, lossguide.",
            Refusal(With("xgboost", "grow_policy", "best")));
        Assert.Equal("The seed is -1; expected 0 or more.", Refusal(new() { Learner = "ridge", Seed = -1 }));
        Assert.Equal("The learner 'ridge' cannot learn a quantile 0.1; expected the mean, whose residuals give quantiles.",
            Refusal(new() { Learner = "ridge", Objective = Objective.Quantile(0.1) }));
        Assert.Equal("There is no model flavor 'onnx'; there are lightgbm, xgboost and pvlake.",
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Load("onnx", [])).Message);
    }

    [Fact]
    public void A_learner_lists_what_it_takes_to_make_it_again()
    {
        var settings = LearnerCatalogue.Create(new()
        {
            Learner = "lightgbm", Seed = 7, Objective = Objective.Quantile(0.25),
            Parameters = new Dictionary<string, string> { ["learning_rate"] = " 1e-1" },
        }).Settings;

        Assert.Equal(("lightgbm", 7, "quantile 0.25", "0.1"),
            (settings.Learner, settings.Seed, settings.Objective.ToString(), settings.Parameters["learning_rate"]));
        Assert.Equal(LearnerCatalogue.Find("lightgbm").Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            settings.Parameters.Keys);
        Assert.Equal(settings.Parameters, LearnerCatalogue.Create(settings).Settings.Parameters);
    }

    [Fact]
    public void Defaults_and_search_spaces_lie_in_what_is_allowed()
    {
        foreach (var kind in LearnerCatalogue.All)
        {
            Assert.Contains(kind.Parameters, parameter => parameter.Search is not null);
            Assert.True(kind.Resource is null
                || kind.Parameters.Single(parameter => parameter.Name == kind.Resource).Allowed is IntegerRange);
            foreach (var parameter in kind.Parameters)
            {
                Assert.Equal(parameter.Default, parameter.Allowed.Canonical(parameter.Default));
                foreach (var share in new[] { 0, 0.5, Math.BitDecrement(1.0) })
                {
                    var drawn = parameter.Search?.At(share);
                    Assert.Equal(drawn, drawn is null ? null : parameter.Allowed.Canonical(drawn));
                }
            }
        }
    }

    [Fact]
    public void A_share_of_a_range_is_a_value()
    {
        static string[] At(ParameterRange range, params double[] shares) => [.. shares.Select(range.At)];

        Assert.Equal(["0", "2.5", "5"], At(new RealRange(0, 10), 0, 0.25, 0.5));
        // Powers of ten lie evenly; the middle of 0.01 and 1 is 0.1.
        Assert.Equal(["0.01", "0.1", "0.3162"], At(new RealRange(0.01, 1, Logarithmic: true), 0, 0.5, 0.75));
        Assert.Equal(["1", "1", "2", "3", "4"], At(new IntegerRange(1, 4), 0, 0.24, 0.26, 0.5, 0.99));
        // From 2 to below 18, by a factor of 3 in the middle: 6.
        Assert.Equal(["2", "6", "17"], At(new IntegerRange(2, 17, Logarithmic: true), 0, 0.5, 0.999));
        Assert.Equal(["a", "b", "c"], At(new ChoiceRange("a", "b", "c"), 0.33, 0.34, 0.99));
    }

    [Theory]
    [InlineData("mean", null)]
    [InlineData("quantile 0.1", 0.1)]
    public void An_objective_is_read_as_it_is_written(string text, double? level)
    {
        var objective = Objective.Parse(text);

        Assert.Equal((level, text), (objective.Level, objective.ToString()));
    }

    [Theory]
    [InlineData("median", "There is no objective 'median'; expected 'mean' or, say, 'quantile 0.1'.")]
    [InlineData("quantile 1", "A quantile has a level above 0 and below 1; found 1.")]
    [InlineData("quantile NaN", "A quantile has a level above 0 and below 1; found NaN.")]
    public void Another_objective_is_refused_in_words(string text, string words) =>
        Assert.Equal(words, Assert.Throws<ForecastingException>(() => Objective.Parse(text)).Message);

    [Fact]
    public void Rows_that_no_learner_can_hold_are_refused_in_words()
    {
        static string Refusal(string[] names, params double[] values) =>
            Assert.Throws<ForecastingException>(() => new FeatureMatrix(names, values)).Message;

        Assert.Equal("The feature 'b' of row 2 is Infinity; expected a number within ±3.4e38, or not a number where it is missing.",
            Refusal(["a", "b"], 1, double.NaN, 3, double.PositiveInfinity));
        Assert.Equal("The feature 'a' of row 1 is 1E+39; expected a number within ±3.4e38, or not a number where it is missing.",
            Refusal(["a"], 1e39));
        Assert.Equal("A feature is named 'wind speed'; expected letters, digits and underscores.", Refusal(["a", "wind speed"]));
        Assert.Equal("The feature 'a' occurs twice; expected unique names.", Refusal(["a", "a"]));
        Assert.Equal("3 values do not fill rows of 2 features.", Refusal(["a", "b"], 1, 2, 3));
        Assert.Equal("The target of row 2 is NaN; nothing can be learned from that.",
            Assert.Throws<ForecastingException>(() => new TrainingSet(new(["x"], [1, 2]), [1, double.NaN])).Message);
    }
}
