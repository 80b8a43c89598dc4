using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

/// <summary>What holds for each learner of the catalogue.</summary>
public sealed class EveryLearnerTests
{
    public static TheoryData<string> Names => [.. LearnerCatalogue.All.Select(kind => kind.Name)];

    public static TheoryData<string> WithTrees =>
        [.. LearnerCatalogue.All.Where(kind => kind.Resource is not null).Select(kind => kind.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_settings_and_rows_make_the_same_model_to_the_last_bit(string name)
    {
        byte[] Saved(LearnerSettings settings)
        {
            using var model = LearnerCatalogue.Create(settings).Train(Rows.Curve(1), Rows.Curve(2), null, Token);
            return model.Save();
        }

        var learner = Short(name, seed: 5);

        Assert.Equal(Saved(learner.Settings), Saved(learner.Settings));
        if (LearnerCatalogue.Find(name).Resource is not null)
        {
            Assert.NotEqual(Saved(learner.Settings), Saved(learner.Settings with { Seed = 6 }));
        }
    }

    [Theory]
    [MemberData(nameof(WithTrees))]
    public void The_number_of_threads_changes_no_forecast(string name)
    {
        var threads = LearnerCatalogue.Find(name)
            .Parameters.Single(parameter => parameter.Meaning.StartsWith("threads", StringComparison.Ordinal)).Name;
        double[] Forecast(string number)
        {
            using var model = Short(name, parameters: new() { [threads] = number }).Train(Rows.Curve(1), Rows.Curve(2), null, Token);
            return model.Predict(Rows.Curve(3).Features);
        }

        Assert.Equal(Forecast("1"), Forecast("2"));
        Assert.Equal(Forecast("1"), Forecast("0"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_model_may_be_asked_from_several_threads_at_once(string name)
    {
        using var model = Short(name).Train(Rows.Curve(1), null, null, Token);
        var rows = Enumerable.Range(0, 8).Select(seed => Rows.Curve(seed, 500).Features).ToArray();
        var alone = rows.Select(model.Predict).ToArray();

        var together = await Task.WhenAll(rows.Select(some => Task.Run(() => model.Predict(some), Token)));

        Assert.Equal(alone, together);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_model_forecasts_as_the_one_that_was_saved(string name)
    {
        using var model = Short(name).Train(Rows.Curve(1), Rows.Curve(2), null, Token);

        var file = model.Save();
        using var again = LearnerCatalogue.Load(model.Format.Flavor, file);

        Assert.Equal(model.Features, again.Features);
        Assert.Equal(model.Trees, again.Trees);
        Assert.Equal(model.Format, again.Format);
        Assert.Equal(model.Importance, again.Importance);
        Assert.Equal(model.Predict(Rows.Curve(3).Features), again.Predict(Rows.Curve(3).Features));
        Assert.Equal(file, again.Save());
    }

    [Theory]
    [MemberData(nameof(WithTrees))]
    public void A_curve_is_found_and_what_says_nothing_has_no_importance(string name)
    {
        // With two features, a third of them at each split would leave half of the splits without the one that matters.
        using var model = Short(name, trees: 300, parameters: Those(name, new() { ["feature_fraction_per_split"] = "1" }))
            .Train(Rows.Curve(1), Rows.Curve(2), null, Token);

        var unseen = Rows.Curve(3);
        var error = Error(model, unseen);

        // No forecast errs less than the noise, 0.02; the curve itself has a deviation of 0.35 (half of 1 over the root of 2).
        Assert.InRange(error, 0.019, 0.035);
        Assert.True(model.Importance[0] > 0.95, string.Join(' ', model.Importance));
        Assert.Equal(1, model.Importance.Sum(), tolerance: 1e-9);
    }

    [Theory]
    [MemberData(nameof(WithTrees))]
    public void A_step_and_a_level_for_missing_values_are_found(string name)
    {
        var exact = Those(name, new()
        {
            ["min_data_in_leaf"] = "1", ["min_child_weight"] = "1", ["minimum_example_count_per_leaf"] = "1", ["learning_rate"] = "0.3",
            ["lambda_l2"] = "0", ["reg_lambda"] = "0", ["feature_fraction_per_split"] = "1", ["colsample_bytree"] = "1",
            ["feature_fraction"] = "1",
        });
        using var model = Short(name, trees: 100, parameters: exact).Train(Rows.Step(), null, null, Token);

        var said = model.Predict(new(["x", "other"], [0, 0, 2, 0, 3, 6, 5, 1, double.NaN, 3]));

        Assert.Equal([0.2, 0.2, 0.8, 0.8, 0.5], said, (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_teaches_nothing_is_refused_in_words(string name)
    {
        var rows = Rows.Curve(1, 200);
        string Refusal(TrainingSet training, TrainingSet? validation) =>
            Assert.Throws<ForecastingException>(() => Short(name).Train(training, validation, null, Token)).Message;
        TrainingSet Missing() => Rows.Of(150, ["a", "b", "c"], row => [row, double.NaN, double.NaN], row => row[0]);

        Assert.Equal("There are 99 rows to learn from; expected 100 or more.", Refusal(Rows.Curve(1, 99), rows));
        Assert.Equal("All 150 targets are 0.25; a forecast of that needs no model.",
            Refusal(Rows.Of(150, ["x"], row => [row], _ => 0.25), null));
        Assert.Equal("The features b, c are missing in all 150 rows to learn from; leave them out, or find their values.",
            Refusal(Missing(), null));
        Assert.Equal("The features are others than in training: missing angle, noise, not known y.",
            Refusal(rows, new(new(["y"], new double[10]), new double[10])));
        Assert.Equal("There are no validation rows; expected one or more, or no validation.",
            Refusal(rows, new(new(["angle", "noise"], []), [])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Features_in_another_order_are_refused_and_none_give_none(string name)
    {
        using var model = Short(name).Train(Rows.Curve(1), Rows.Curve(2), null, Token);

        Assert.Equal("The features come in another order; expected angle, noise.",
            Assert.Throws<ForecastingException>(() => model.Predict(new(["noise", "angle"], [1, 2]))).Message);
        Assert.Empty(model.Predict(new(["angle", "noise"], [])));
    }

    [Theory]
    [MemberData(nameof(WithTrees))]
    public void Learning_stops_when_told(string name)
    {
        using var stop = new CancellationTokenSource();
        var learner = Short(name, trees: 5000);
        var steps = new Steps(step => stop.Cancel());
        if (name == "random-forest")
        {
            // It reports no step.
            stop.Cancel();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => learner.Train(Rows.Curve(1), Rows.Curve(2), steps, stop.Token));
        Assert.InRange(steps.All.Count, 0, 1);
    }

    [Theory]
    [InlineData("lightgbm")]
    [InlineData("xgboost")]
    public void Steps_are_reported_and_the_best_one_is_kept(string name)
    {
        var steps = new Steps();
        var patience = name == "lightgbm" ? "early_stopping_round" : "early_stopping_rounds";
        using var model = Short(name, trees: 2000, parameters: new() { [patience] = "7", ["learning_rate"] = "0.3" })
            .Train(Rows.Curve(1), Rows.Curve(2), steps, Token);

        var best = steps.All.MinBy(step => step.Validation)!;
        Assert.Equal(best.Step, model.Trees);
        Assert.Equal(best.Step + 7, steps.All.Count);
        Assert.All(steps.All, (step, index) => Assert.Equal((index + 1, 2000, "rmse"), (step.Step, step.Steps, step.Metric)));
        // What it reported is what the kept model does, to the precision of 32-bit targets.
        foreach (var (rows, reported) in new[] { (Rows.Curve(1), best.Training!.Value), (Rows.Curve(2), best.Validation!.Value) })
        {
            Assert.Equal(Error(model, rows), reported, tolerance: 1e-6);
        }
    }

    private static double Error(IForecastModel model, TrainingSet rows) =>
        Math.Sqrt(model.Predict(rows.Features).Zip(rows.Target, (said, happened) => Math.Pow(said - happened, 2)).Average());

    private static ILearner Short(string name, int trees = 20, int seed = 42, Dictionary<string, string>? parameters = null)
    {
        parameters ??= [];
        if (LearnerCatalogue.Find(name).Resource is { } resource)
        {
            parameters[resource] = trees.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return LearnerCatalogue.Create(new() { Learner = name, Parameters = parameters, Seed = seed });
    }

    /// <summary>Those values whose parameters the learner has.</summary>
    private static Dictionary<string, string> Those(string name, Dictionary<string, string> values) =>
        new(values.Where(value => LearnerCatalogue.Find(name).Parameters.Any(parameter => parameter.Name == value.Key)));

    private sealed class Steps(Action<TrainingStep>? then = null) : IProgress<TrainingStep>
    {
        public List<TrainingStep> All { get; } = [];

        public void Report(TrainingStep value)
        {
            All.Add(value);
            then?.Invoke(value);
        }
    }
}
