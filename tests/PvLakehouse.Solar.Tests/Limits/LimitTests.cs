using PvLakehouse.Solar.Limits;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests.Limits;

public sealed class QcRadTests
{
    [Fact]
    public void Limits_are_those_of_the_table_worked_out_by_hand()
    {
        // cos 60° = 0.5, 0.5^1.2 = 0.4352753, 0.5^0.2 = 0.8705506, I0 = 1400.
        Assert.Equal(1014.078, QcRad.Global(QcRadLimit.PhysicallyPossible, 0.5, 1400).High, 0.001); // 1.5 x 609.3854 + 100
        Assert.Equal(781.2625, QcRad.Global(QcRadLimit.ExtremelyRare, 0.5, 1400).High, 0.001); // 1.2 x 609.3854 + 50
        Assert.Equal(628.9161, QcRad.Diffuse(QcRadLimit.PhysicallyPossible, 0.5, 1400).High, 0.001);
        Assert.Equal(487.0391, QcRad.Diffuse(QcRadLimit.ExtremelyRare, 0.5, 1400).High, 0.001);
        Assert.Equal(1400, QcRad.DirectNormal(QcRadLimit.PhysicallyPossible, 0.5, 1400).High, 1e-9);
        Assert.Equal(1167.832, QcRad.DirectNormal(QcRadLimit.ExtremelyRare, 0.5, 1400).High, 0.001);
    }

    [Fact]
    public void At_night_only_the_offsets_remain()
    {
        Assert.Equal(new(-4, 100), QcRad.Global(QcRadLimit.PhysicallyPossible, -0.3, 1400));
        Assert.Equal(new(-2, 10), QcRad.DirectNormal(QcRadLimit.ExtremelyRare, -0.3, 1400));
    }

    [Fact]
    public void Closure_is_tested_only_with_enough_light_and_sun()
    {
        Assert.Equal(new PlausibleRange(0.92, 1.08), QcRad.Closure(40, 500));
        Assert.Equal(new PlausibleRange(0.85, 1.15), QcRad.Closure(80, 100));
        Assert.Null(QcRad.Closure(40, 50));
        Assert.Null(QcRad.Closure(95, 100));
    }

    [Fact]
    public void A_missing_value_is_not_plausible() => Assert.False(new PlausibleRange(-4, 100).Contains(double.NaN));
}

public sealed class FarmEnergyTests
{
    private static readonly Site Bomen = new(-35.0486, 147.4439);

    [Fact]
    public void At_summer_noon_the_bound_is_the_capacity_plus_the_meters_tolerance()
    {
        var noon = UtcHour.StartingAt(new(2025, 1, 10, 2, 0, 0, TimeSpan.Zero));

        // 100 MW x (1.01 + 0.005)
        Assert.Equal(101.5, FarmEnergy.UpperBoundMwh(Bomen, noon, 100), 1e-9);
    }

    [Fact]
    public void At_midnight_only_half_a_percent_of_the_capacity_is_allowed() =>
        Assert.Equal(0.5, FarmEnergy.UpperBoundMwh(Bomen, UtcHour.StartingAt(new(2025, 1, 10, 14, 0, 0, TimeSpan.Zero)), 100), 1e-9);

    [Fact]
    public void Around_sunset_the_bound_falls_from_hour_to_hour()
    {
        // Sunset at Bomen on 2025-06-21 is about 07:05 UTC.
        var bounds = Enumerable.Range(4, 5)
            .Select(h => FarmEnergy.UpperBoundMwh(Bomen, UtcHour.StartingAt(new(2025, 6, 21, h, 0, 0, TimeSpan.Zero)), 100))
            .ToArray();

        Assert.Equal(bounds.OrderDescending(), bounds);
        Assert.InRange(bounds[2], 40, 100); // the last full hour of sun
        Assert.InRange(bounds[3], 0.5, 12); // five minutes of sun
        Assert.Equal(0.5, bounds[4], 1e-9);
    }

    [Fact]
    public void The_hour_after_sunset_may_hold_the_last_five_minutes_of_the_hour_before()
    {
        // OpenElectricity's hour labelled H covers H - 5 min to H + 55 min: find an hour that starts just after sunset.
        var hour = Enumerable.Range(0, 24 * 365)
            .Select(i => UtcHour.StartingAt(new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)).AddHours(i))
            .First(hour => HourGeometry.Of(Bomen, hour).MaxElevation < -0.9
                && AlmanacSun.At(Bomen, hour.Start.AddSeconds(-150)).ApparentElevation() > 0.1);

        Assert.InRange(FarmEnergy.UpperBoundMwh(Bomen, hour, 100), 0.5000001, 5);
    }

    [Fact]
    public void A_capacity_that_is_no_positive_number_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FarmEnergy.UpperBoundMwh(Bomen, default, 0));
}
