using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Tests.Baselines;

/// <summary>Forecasts that need no model.</summary>
public sealed class ReferencesTests
{
    [Fact]
    public void Climatology_is_the_usual_ratio_to_a_clear_sky_at_the_hour_of_the_day()
    {
        var climatology = Climatology.Fit([Hours.Of(0.4, sky: 0.8), Hours.Of(0.5, sky: 0.7, days: 1), Hours.Of(null, sky: 0.9, days: 2), Hours.Of(0.1, sky: 0.2) with { DateHour = Hours.Noon.AddHours(5) }]);

        // (0.4 + 0.5) / (0.8 + 0.7) = 0.6 at noon; an hour never seen has the ratio of all, 1.0 / 1.7.
        Assert.Equal(0.6 * 0.9, climatology.Of(Hours.Of(null, sky: 0.9, days: 9)), 12);
        Assert.Equal(1.0 / 1.7 * 0.5, climatology.Of(Hours.Of(null, sky: 0.5) with { DateHour = Hours.Noon.AddHours(1) }), 12);
    }

    [Fact]
    public void The_convex_combination_is_fitted_for_each_lead()
    {
        // One hour ahead persistence is right, three hours ahead climatology is: 0.5 of a sky of 1.
        ForecastHour[] past =
        [
            Hours.Of(0.3, lead: 1, persistence: 0.3), Hours.Of(0.7, days: 1, lead: 1, persistence: 0.7),
            Hours.Of(0.5, lead: 3, persistence: 0.3), Hours.Of(0.5, days: 1, lead: 3, persistence: 0.7),
        ];

        var references = References.Fit(past);

        Assert.Equal(0.9, references.Of(References.Convex, Hours.Of(null, lead: 1, persistence: 0.9)), 12);
        Assert.Equal(0.5, references.Of(References.Convex, Hours.Of(null, lead: 3, persistence: 0.9)), 12);
        Assert.Equal(0.9, references.Of(References.ClearSkyPersistence, Hours.Of(null, lead: 3, persistence: 0.9)), 12);
        // A lead that was never seen, or no past: what is usual.
        Assert.Equal(0.5, references.Of(References.Convex, Hours.Of(null, lead: 5, persistence: 0.9)), 12);
        Assert.Equal(0.5, references.Of(References.Convex, Hours.Of(null, lead: 1)), 12);
        Assert.Equal(0.5, references.Of(References.Persistence, Hours.Of(null, lead: 1)), 12);
    }

    [Fact]
    public void No_reference_exceeds_what_the_hour_can_give()
    {
        var references = References.Fit([Hours.Of(0.5)]);

        Assert.Equal(0.2, references.Of(References.ClearSkyPersistence, Hours.Of(null, persistence: 0.9) with { LimitShare = 0.2 }), 12);
        Assert.Equal(0.2, references.Of(References.Usual, Hours.Of(null) with { LimitShare = 0.2 }), 12);
        Assert.Equal(0, references.Of(References.Persistence, Hours.Of(null) with { PersistenceShare = -0.01 }), 12);
    }

    [Fact]
    public void Without_any_energy_nothing_is_usual() =>
        Assert.Contains("nothing is usual", Assert.Throws<ForecastingException>(() => References.Fit([Hours.Of(null)])).Message, StringComparison.Ordinal);
}
