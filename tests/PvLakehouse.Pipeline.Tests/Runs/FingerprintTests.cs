using PvLakehouse.Pipeline.Runs;
using AllModels = PvLakehouse.Pipeline.Runs.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

/// <summary>What a model's rows depend on is in its fingerprint, so that a change of it makes them anew.</summary>
public sealed class FingerprintTests
{
    [Fact]
    public void The_ratios_that_models_share_are_in_the_fingerprint_of_each()
    {
        var sharing = AllModels.All.Where(model => model.Over is not null).ToArray();

        Assert.Equal(["agg_daily_facility", "agg_monthly_facility"], sharing.Select(model => model.Target.Name));
        Assert.All(sharing, model =>
        {
            Assert.Contains("AS performance_ratio_25c", ModelSession.Select(model, DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
            Assert.NotEqual(ModelSession.Fingerprint(model), ModelSession.Fingerprint(model with { Over = null }));
        });
    }
}
