using PvLakehouse.Forecasting.Calibration;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

/// <summary>What a feature is worth shows when its values are dealt out anew.</summary>
public sealed class PermutationImportanceTests
{
    private static readonly string[] Names = ["x0", "x1", "ignored"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_error_rises_by_what_dealing_out_costs()
    {
        // The model is the truth, 0.5 x0 + 0.25 x1 with x of 0 and 1 as often. Dealt out anew, x0 is another in half of the rows and the error there
        // is 0.5: its mean square is 0.5 * 0.25, the root 0.3536. Of x1 it is half as much: 0.1768. An order misses this by about 1 in 150.
        using var model = Model(new Plane([0.5, 0.25, 0]));
        var rows = Rows(4_000, row => [row % 2, row / 2 % 2, row % 7], x => (0.5 * x[0]) + (0.25 * x[1]));

        var importances = PermutationImportance.Of(model, rows, 1, Token);

        Assert.Equal(["x0", "x1", "ignored"], importances.Select(importance => importance.Feature));
        Assert.Equal(0.3536, importances[0].Permutation, tolerance: 0.005);
        Assert.Equal(0.1768, importances[1].Permutation, tolerance: 0.0025);
        Assert.Equal(0.0, importances[2].Permutation);
    }

    [Fact]
    public void It_is_the_rise_above_the_error_that_the_model_has_anyway()
    {
        // The model says x where 0.2 more is true, always: its error is 0.2. Dealt out anew, x of 0.25 and 0.75 is another in half of the rows: errors
        // of -0.2 in half of them, 0.3 and -0.7 in a quarter each. The mean square is 0.02 + 0.0225 + 0.1225 = 0.165, its root 0.4062, the rise 0.2062.
        using var model = Model(new Plane([1]));

        var rise = PermutationImportance.Of(model, Rows(4_000, row => [row % 2 == 0 ? 0.25 : 0.75], x => x[0] + 0.2), 1, Token)[0];

        Assert.Equal(0.2062, rise.Permutation, tolerance: 0.004);
    }

    [Fact]
    public void The_same_seed_gives_the_same_digits()
    {
        using var model = Model(new Plane([0.5]));
        var rows = Rows(200, row => [row % 10 / 10.0], x => 0.4 * x[0]);

        Assert.Equal(PermutationImportance.Of(model, rows, 7, Token), PermutationImportance.Of(model, rows, 7, Token));
        Assert.NotEqual(PermutationImportance.Of(model, rows, 7, Token), PermutationImportance.Of(model, rows, 8, Token));
    }

    [Fact]
    public void Of_many_rows_some_of_every_stretch_and_farm_are_forecast()
    {
        var plane = new Plane([0.5]);
        using var model = Model(plane);
        // Two farms in turn: every second row would meet one of them only. The value is the row.
        var rows = Rows(10_000, row => [row], _ => 0.3);

        PermutationImportance.Of(model, rows, 1, Token);

        var asked = plane.Asked[0];
        Assert.Equal(PermutationImportance.MostRows, asked.Length);
        Assert.Equal(Enumerable.Range(0, PermutationImportance.MostRows), asked.Select(row => (int)row / 2));
        Assert.InRange(asked.Count(row => row % 2 == 0), 2_300, 2_700);
    }

    [Fact]
    public void Rows_at_night_or_without_energy_do_not_count()
    {
        var plane = new Plane([0.5]);
        using var model = Model(plane);
        var rows = Rows(3, row => [row], _ => 0.3);
        rows = rows with { Hours = [rows.Hours[0] with { TargetShare = null }, rows.Hours[1] with { SunElevation = 5 }, rows.Hours[2]] };

        PermutationImportance.Of(model, rows, 1, Token);

        Assert.Equal([2.0], plane.Asked[0]);
        var none = Assert.Throws<ForecastingException>(() => PermutationImportance.Of(model, rows.Where(hour => !hour.IsDaylight), 1, Token));
        Assert.Equal("None of the 1 rows is a daylight hour with known energy, so no feature's importance can be measured.", none.Message);
    }

    [Theory]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    public void Gain_is_that_of_trees(string learner)
    {
        var rows = Rows(1_000, row => [row % 6, row % 7], x => x[0] < 3 ? 0.2 : 0.8);
        var set = new TrainingSet(rows.Features, [.. rows.Hours.Select(hour => hour.TargetShare!.Value)]);
        using var model = Model(LearnerCatalogue.Create(new() { Learner = learner }).Train(set, null, null, Token));

        var importances = PermutationImportance.Of(model, rows, 1, Token);

        Assert.Equal(1.0, importances.Sum(importance => importance.Gain!.Value), tolerance: 1e-9);
        Assert.True(importances[0].Gain > 0.99);
        Assert.True(importances[0].Permutation > 0.3);
    }

    [Fact]
    public void Without_trees_there_is_no_gain()
    {
        var rows = Rows(200, row => [row % 2], x => 0.3 + (0.2 * x[0]));
        var set = new TrainingSet(rows.Features, [.. rows.Hours.Select(hour => hour.TargetShare!.Value)]);
        using var model = Model(LearnerCatalogue.Create(new() { Learner = "ridge" }).Train(set, null, null, Token));

        Assert.Null(PermutationImportance.Of(model, rows, 1, Token)[0].Gain);
    }

    private static TrainedForecast Model(IForecastModel mean) => new()
    {
        Horizon = Horizon.DayAheadMorning,
        Settings = new() { Learner = "ridge" },
        Mean = mean,
        Levels = [],
        Residuals = null,
        Calibration = ConformalQuantiles.Of(new Dictionary<string, double[]>()),
    };

    private static ForecastRows Rows(int count, Func<int, double[]> features, Func<double[], double> target)
    {
        var values = Enumerable.Range(0, count).Select(features).ToArray();
        return new(
            [.. values.Select((row, index) => Hours.Of(target(row), days: index / 2, farm: index % 2 == 0 ? "AVLSF" : "NYNGAN"))],
            new([.. Names[..values[0].Length]], [.. values.SelectMany(row => row)]));
    }

    /// <summary>A plane, which remembers the first feature of what it was asked.</summary>
    private sealed class Plane(double[] coefficients) : IForecastModel
    {
        public List<double[]> Asked { get; } = [];

        public IReadOnlyList<string> Features => Names[..coefficients.Length];

        public int Trees => 0;

        public ModelFormat Format => throw new NotSupportedException();

        public IReadOnlyList<double> Importance => throw new NotSupportedException();

        public double[] Predict(FeatureMatrix rows)
        {
            Asked.Add([.. Enumerable.Range(0, rows.Rows).Select(row => rows.Row(row)[0])]);
            return [.. Enumerable.Range(0, rows.Rows).Select(row => coefficients.Index().Sum(c => c.Item * rows.Row(row)[c.Index]))];
        }

        public byte[] Save() => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
