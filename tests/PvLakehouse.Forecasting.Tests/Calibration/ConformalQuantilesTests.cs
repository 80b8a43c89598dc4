using PvLakehouse.Forecasting.Calibration;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Tests.Calibration;

/// <summary>After calibration each quantile is exceeded as often as it says.</summary>
public sealed class ConformalQuantilesTests
{
    // Nine quantiles that all say 0.4.
    private static readonly double[] Flat = [.. QuantileLevels.All.Select(_ => 0.4)];

    [Fact]
    public void The_shift_of_a_level_is_the_residual_at_that_level()
    {
        // 999 hours in which 0.001 to 0.999 happened: the k-th smallest of (999 + 1) x 0.1 = 100 is 0.1, and so on.
        ForecastHour[] hours = [.. Enumerable.Range(1, 999).Select(k => Hours.Of(k / 1000.0, days: k))];

        var calibration = ConformalQuantiles.Fit(hours, [.. hours.Select(_ => Flat)]);

        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], calibration.Apply(Hours.Of(null), Flat).Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void A_farm_has_shifts_of_its_own_once_it_has_enough_hours()
    {
        ForecastHour[] many = [.. Enumerable.Range(0, 300).Select(day => Hours.Of(0.6, days: day, farm: "MANY"))];
        ForecastHour[] few = [.. Enumerable.Range(0, 100).Select(day => Hours.Of(0.2, days: day, farm: "FEW"))];
        ForecastHour[] hours = [.. many, .. few];

        var calibration = ConformalQuantiles.Fit(hours, [.. hours.Select(_ => Flat)]);

        Assert.Equal(0.6, calibration.Apply(Hours.Of(null, farm: "MANY"), Flat)[0], 12);
        // Three quarters of all hours delivered 0.6, one quarter 0.2: the 20 % quantile of all is 0.2, the 30 % quantile 0.6.
        Assert.Equal(0.2, calibration.Apply(Hours.Of(null, farm: "FEW"), Flat)[1], 12);
        Assert.Equal(0.6, calibration.Apply(Hours.Of(null, farm: "FEW"), Flat)[2], 12);
        Assert.Equal(0.6, calibration.Apply(Hours.Of(null, farm: "NEW"), Flat)[8], 12);
    }

    [Fact]
    public void Residuals_are_relative_to_the_clear_sky()
    {
        // Twice as much as 0.4 under a full sky, so at half the sky half of the surplus.
        ForecastHour[] hours = [.. Enumerable.Range(0, 300).Select(day => Hours.Of(0.8, sky: 1, days: day))];

        var calibration = ConformalQuantiles.Fit(hours, [.. hours.Select(_ => Flat)]);

        Assert.Equal(0.4 + (0.4 * 0.5), calibration.Apply(Hours.Of(null, sky: 0.5), Flat)[4], 12);
    }

    [Fact]
    public void Quantiles_are_ascending_and_within_what_the_hour_can_give()
    {
        var calibration = ConformalQuantiles.Of(new Dictionary<string, double[]>(StringComparer.Ordinal) { [""] = [-1, -0.1, 0.3, 0.2, 0, 0, 0, 0.9, 0.9] });

        var values = calibration.Apply(Hours.Of(null) with { LimitShare = 0.75 }, Flat);

        // Hand: 0.4 - 1 is 0; 0.3, 0.7, 0.6, then 0.4 three times, then 1.3, which is 0.75; sorted.
        Assert.Equal([0, 0.3, 0.4, 0.4, 0.4, 0.6, 0.7, 0.75, 0.75], values.Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void Residual_quantiles_tell_clear_forecasts_from_cloudy_ones()
    {
        // Forecasts of a clear sky (0.9) miss by 0.01 to 0.1, those of clouds (0.3) by ten times as much; 100 of each.
        var hours = new List<ForecastHour>();
        var forecasts = new List<double>();
        for (var k = 1; k <= 100; k++)
        {
            hours.Add(Hours.Of(0.9 - (k / 1000.0), days: k));
            forecasts.Add(0.9);
            hours.Add(Hours.Of(0.3 + (k / 100.0 * 0.5), days: k));
            forecasts.Add(0.3);
        }

        var residuals = ResidualQuantiles.Fit(hours, forecasts);

        // The ceil(101 x 0.1) = 11th smallest of -0.1 to -0.001 is -0.09, of 0.005 to 0.5 it is 0.055.
        Assert.Equal(0.9 - 0.09, residuals.Apply(Hours.Of(null), 0.9)[0], 12);
        Assert.Equal(0.3 + 0.055, residuals.Apply(Hours.Of(null), 0.3)[0], 12);
    }

    [Fact]
    public void Residual_quantiles_of_a_lead_are_its_own_when_it_has_enough_hours()
    {
        // The next hour misses by up to 0.1, the next day by up to 0.4, 1,000 hours of each; the third hour has 10 only.
        var hours = new List<ForecastHour>();
        for (var k = 1; k <= 1000; k++)
        {
            hours.Add(Hours.Of(0.5 + (k / 10000.0), days: k));
            hours.Add(Hours.Of(0.5 + (k / 2500.0), days: k, lead: 24));
        }

        hours.AddRange(Enumerable.Range(1, 10).Select(k => Hours.Of(0.5, days: k, lead: 3)));

        var residuals = ResidualQuantiles.Fit(hours, [.. hours.Select(_ => 0.5)]);

        // The ceil(1001 x 0.9) = 901st smallest.
        Assert.Equal(0.5 + 0.0901, residuals.Apply(Hours.Of(null), 0.5)[^1], 12);
        Assert.Equal(0.5 + (901 / 2500.0), residuals.Apply(Hours.Of(null, lead: 24), 0.5)[^1], 12);

        // Of all 2,010 the ceil(2011 x 0.9) = 1,810th smallest: behind 10 of nothing and 1,000 of the next hour the 800th of the next day.
        Assert.Equal(0.5 + (800 / 2500.0), residuals.Apply(Hours.Of(null, lead: 3), 0.5)[^1], 12);
    }
}
