using System.Text;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tests.Learners;

public sealed class RidgeTests
{
    [Fact]
    public void The_coefficient_shrinks_by_the_penalty()
    {
        // x is -1 and 1 in turn, y is 0.5 + 0.3 x: mean 0, deviation 1, x'x = n, x'y = 0.3 n. A penalty of 0.5 n leaves 0.3 / 1.5.
        using var model = Train("0.5", Rows.Of(200, ["x"], row => [row % 2 == 0 ? -1 : 1], x => 0.5 + (0.3 * x[0])));

        Assert.Equal([0.3, 0.7], model.Predict(new(["x"], [-1, 1])), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.Equal([1.0], model.Importance);
    }

    [Fact]
    public void Correlated_features_share_by_the_normal_equations()
    {
        // The rows (1, 1), (-1, -1), (1, 0), (-1, 0) repeat; y = x0. Means 0; deviations 1 and s = 1/sqrt(2), so z1 = x1 / s.
        // Per row: z0'z0 = 1, z1'z1 = 1, z0'z1 = (1/2) / s = s, z0'y = 1, z1'y = s. With the penalty 1:
        // 2 a + s b = 1, s a + 2 b = s, so b = (2 s - s) / (4 - s²) = s / 3.5 and a = (2 - s²) / 3.5 = 1.5 / 3.5.
        // On (1, 1): a + b / s = 2.5 / 3.5; on (1, 0): 1.5 / 3.5. Shares of importance: 1.5 and s of 1.5 + s.
        double[][] rows = [[1, 1], [-1, -1], [1, 0], [-1, 0]];
        using var model = Train("1", Rows.Of(200, ["x0", "x1"], row => rows[row % 4], x => x[0]));

        Assert.Equal([2.5 / 3.5, 1.5 / 3.5], model.Predict(new(["x0", "x1"], [1, 1, 1, 0])),
            (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.Equal(1.5 / (1.5 + Math.Sqrt(0.5)), model.Importance[0], tolerance: 1e-12);
    }

    [Fact]
    public void A_plane_is_found_and_a_missing_value_counts_as_the_mean()
    {
        // Two features that repeat every 7 and 5 rows: over 350 rows all 35 pairs occur equally often, so that they are uncorrelated, with
        // the means 3 and 2.
        using var model = Train("1e-6", Rows.Of(350, ["x0", "x1"], row => [row % 7, row % 5], x => 0.1 + (0.02 * x[0]) - (0.03 * x[1])));

        // 0.1 + 0.02 x 5 - 0.03 x 1 = 0.17; with the first feature missing 0.1 + 0.02 x 3 - 0.03 x 1 = 0.13.
        Assert.Equal([0.17, 0.13], model.Predict(new(["x0", "x1"], [5, 1, double.NaN, 1])),
            (expected, actual) => Math.Abs(expected - actual) < 1e-6);
    }

    [Fact]
    public void Gaps_in_training_leave_the_other_rows_of_the_feature_as_they_are()
    {
        // Where x is there it is -1 or 1 and y is x; where it is missing y is 0, the mean, which fits the same line: only its weight
        // halves.
        // z'z = n / 2, z'y = n / 2; a penalty of n / 2 leaves a half.
        using var model = Train("0.5",
            Rows.Of(400, ["x"], row => [(row % 4) switch { 0 => -1, 1 => 1, _ => double.NaN }], x => double.IsNaN(x[0]) ? 0 : x[0]));

        Assert.Equal([0.5, 0], model.Predict(new(["x"], [1, double.NaN])), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
    }

    [Fact]
    public void A_damaged_file_is_refused_in_words()
    {
        using var model = Train("1", Rows.Curve(1, 200));
        var file = Encoding.UTF8.GetString(model.Save());
        string Refusal(string content) =>
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Load("pvlake", Encoding.UTF8.GetBytes(content))).Message;

        Assert.Contains("The content is no model of the flavor 'pvlake'", Refusal(file[..^20]), StringComparison.Ordinal);
        Assert.Contains("The content is no model of the flavor 'pvlake'",
            Refusal(file.Replace("\"ridge\"", "\"lasso\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("The content is no model of the flavor 'pvlake'", Refusal("null"), StringComparison.Ordinal);
        Assert.Contains("The content is no model of the flavor 'pvlake'", Refusal(""), StringComparison.Ordinal);
        Assert.Equal("The model is of format version 2; this program reads version 1.",
            Refusal(file.Replace("\"format_version\":1", "\"format_version\":2", StringComparison.Ordinal)));
        Assert.Equal("The model of ridge regression has 1 features, but 2, 2, 2 means, deviations and coefficients.",
            Refusal(file.Replace("\"angle\",\"noise\"", "\"angle\"", StringComparison.Ordinal)));
    }

    private static IForecastModel Train(string penalty, TrainingSet rows) =>
        LearnerCatalogue.Create(new() { Learner = "ridge", Parameters = new Dictionary<string, string> { ["penalty"] = penalty } })
            .Train(rows, null, null, TestContext.Current.CancellationToken);
}
