using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Calibration;

namespace PvLakehouse.Forecasting.Tests.Calibration;

/// <summary>A model mixed with the reference where the reference knows more.</summary>
public sealed class ReferenceBlendTests
{
    // Climatology by hand: 0.4 of 0.8 is half a clear sky, so the reference of a clear-sky share s is s / 2; there is no persistence.
    private static readonly References Half = References.Fit([Hours.Of(0.4, sky: 0.8)]);

    [Fact]
    public void The_weight_is_that_which_erred_least()
    {
        // Model 0.2 above the reference, and what happened a quarter of the way from the reference to the model: least squares give 1/4.
        var hours = Sky().Select(sky => Hours.Of((sky / 2) + 0.05, sky)).ToArray();

        var blend = ReferenceBlend.Fit(Half, hours, [.. Sky().Select(sky => (sky / 2) + 0.2)]);

        Assert.Equal(0.25, Assert.Single(blend.Weights).Value.Weight, 9);
        // Half of 0.6 is 0.3; a quarter of the way to 0.5.
        Assert.Equal(0.35, blend.Apply(Hours.Of(null, sky: 0.6), 0.5), 9);
    }

    [Fact]
    public void A_lead_that_was_hardly_seen_is_the_models()
    {
        var hours = Sky().Take(ReferenceBlend.FewestHours - 1).Select(sky => Hours.Of(sky / 2, sky)).ToArray();

        var blend = ReferenceBlend.Fit(Half, hours, [.. hours.Select(_ => 0.9)]);

        Assert.Empty(blend.Weights);
        Assert.Equal(0.9, blend.Apply(hours[0], 0.9));
    }

    private static IEnumerable<double> Sky() => Enumerable.Range(0, ReferenceBlend.FewestHours).Select(n => 0.4 + (n * 0.004));
}
