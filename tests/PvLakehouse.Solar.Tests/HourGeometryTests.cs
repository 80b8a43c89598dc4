using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests;

public sealed class HourGeometryTests
{
    private static readonly Site Bomen = new(-35.0486, 147.4439);
    private static readonly UtcHour Noon = UtcHour.StartingAt(new(2025, 1, 10, 2, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(2)] // noon
    [InlineData(-4)] // 2025-01-09 20:00 UTC, an hour after sunrise
    [InlineData(8)] // last hour before sunset
    public void Twelve_sub_points_integrate_the_hour_to_one_per_cent(int utcHour)
    {
        var hour = Noon.AddHours(utcHour - 2);

        var geometry = HourGeometry.Of(Bomen, hour);

        // Another implementation: the reference position every second second.
        var (horizontal, clear) = (0.0, 0.0);
        for (var second = 1; second < 3600; second += 2)
        {
            var sun = SolarPositionAlgorithm.At(Bomen, hour.Start.AddSeconds(second));
            horizontal += sun.ExtraterrestrialHorizontal / 1800;
            clear += ClearSky.Haurwitz(sun.ApparentZenith()) / 1800;
        }

        Assert.Equal(horizontal, geometry.ExtraterrestrialHorizontal, horizontal * 0.01);
        Assert.Equal(clear, geometry.ClearSkyGlobal, clear * 0.01);
    }

    [Fact]
    public void Elevation_rises_through_the_morning_hour_by_the_speed_of_the_sun()
    {
        var geometry = HourGeometry.Of(Bomen, Noon.AddHours(-4));

        // Four hours before noon in summer the sun climbs about 12.4° an hour; 11/12 of it lie between first and last sub-point.
        Assert.InRange(geometry.MaxElevation - geometry.MinElevation, 10.5, 12.0);
        Assert.InRange(geometry.MeanElevation, geometry.MinElevation + 5, geometry.MaxElevation - 5);
        Assert.Equal(Math.Sin(geometry.MeanElevation * Math.PI / 180), geometry.MeanCosZenith, 0.005);
    }

    [Fact]
    public void Midnight_is_night_and_the_hour_of_sunrise_is_not()
    {
        Assert.True(HourGeometry.Of(Bomen, Noon.AddHours(12)).IsNight());
        // Sunrise at Bomen on 2025-01-10 is about 19:05 UTC of the day before.
        Assert.False(HourGeometry.Of(Bomen, Noon.AddHours(-7)).IsNight());
        Assert.True(HourGeometry.Of(Bomen, Noon.AddHours(-8)).IsNight());
        Assert.Equal(0, HourGeometry.Of(Bomen, Noon.AddHours(12)).MeanCosZenith);
    }

    [Fact]
    public void A_series_of_hours_holds_the_single_hours()
    {
        var hours = new HourGeometry[3];

        HourGeometry.Of(Bomen, Noon, hours);

        Assert.Equal([HourGeometry.Of(Bomen, Noon), HourGeometry.Of(Bomen, Noon.AddHours(1)), HourGeometry.Of(Bomen, Noon.AddHours(2))], hours);
    }

    [Fact]
    public void A_site_off_the_globe_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Site(91, 0));

        Assert.Contains("-90 to 90", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Site(0, double.NaN));
    }
}
