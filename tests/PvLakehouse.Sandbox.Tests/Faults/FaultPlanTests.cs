using PvLakehouse.Sandbox.Faults;

namespace PvLakehouse.Sandbox.Tests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void Each_fault_hits_its_share_of_the_requests()
    {
        var plan = FaultPlan.Parse("429:0.05,500:0.02,truncate:0.01,slow:0.05");

        var drawn = Enumerable.Range(1, 100_000).Select(number => plan.Draw(number)).GroupBy(fault => fault)
            .ToDictionary(group => group.Key?.ToString() ?? "none", group => group.Count(), StringComparer.Ordinal);

        // Expected counts n p, with a margin of four standard deviations sqrt(n p (1 - p)): 276, 177, 126 and 276.
        Assert.InRange(drawn["TooManyRequests"], 4_724, 5_276);
        Assert.InRange(drawn["InternalError"], 1_823, 2_177);
        Assert.InRange(drawn["Truncate"], 874, 1_126);
        Assert.InRange(drawn["Slow"], 4_724, 5_276);
        Assert.Equal(5, drawn.Count);
    }

    [Fact]
    public void The_same_seed_draws_the_same_faults_and_another_seed_others()
    {
        static FaultKind?[] Draws(FaultPlan plan) => [.. Enumerable.Range(1, 200).Select(number => plan.Draw(number))];
        var plan = FaultPlan.Parse("500:0.5");

        Assert.Equal(Draws(plan), Draws(FaultPlan.Parse("500:0.5")));
        Assert.NotEqual(Draws(plan), Draws(FaultPlan.Parse("500:0.5", seed: 2)));
    }

    [Fact]
    public void One_is_always_and_zero_never()
    {
        Assert.All(Enumerable.Range(1, 1000), number => Assert.Equal(FaultKind.Down, FaultPlan.Parse("down:1").Draw(number)));
        Assert.All(Enumerable.Range(1, 1000), number => Assert.Null(FaultPlan.Parse("down:0").Draw(number)));
        Assert.Null(FaultPlan.Parse("").Draw(1));
    }

    [Theory]
    [InlineData("404:0.1", "Unknown fault '404'; the faults are 429, 500, 503, truncate, slow, malformed, wrongtype, down.")]
    [InlineData("slow", "'slow' is no fault with a fraction from 0 to 1, such as slow:0.05.")]
    [InlineData("slow:5%", "'slow:5%' is no fault with a fraction from 0 to 1, such as slow:0.05.")]
    [InlineData("slow:1.5", "'slow:1.5' is no fault with a fraction from 0 to 1, such as slow:0.05.")]
    [InlineData("slow:0.1,slow:0.1", "The fault 'slow' is given twice.")]
    [InlineData("slow:0.6,down:0.6", "The fractions of 'slow:0.6,down:0.6' add up to 1.2; a request gets at most one fault, so 1 is the most.")]
    public void Bad_plans_are_refused_with_what_is_wrong(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => FaultPlan.Parse(text)).Message);
}
