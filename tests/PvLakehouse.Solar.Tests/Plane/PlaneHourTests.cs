using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Tests.Plane;

public sealed class PlaneHourTests
{
    private static readonly Site Bomen = new(-35.0486, 147.4439);
    private static readonly UtcHour Noon = UtcHour.StartingAt(new(2025, 1, 10, 2, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_flat_plane_gets_the_global_irradiance()
    {
        var plane = PlaneHour.Of(new HourSun(Bomen).At(Noon), new FixedTilt(0, 0));

        Assert.Equal(1, plane.BeamRatio, 1e-12);
        Assert.Equal(1, plane.SkyView, 1e-12);
        // 700 direct + 150 diffuse; no ground is seen.
        Assert.Equal(850, plane.Irradiance(850, 700, 150, 1300).Global, 1e-9);
    }

    [Fact]
    public void The_parts_follow_hay_and_davies()
    {
        // Ratio 1.2 and sky view 0.9; anisotropy 600 / 1200 = 0.5.
        var light = new PlaneHour(1.2, 0.9).Irradiance(800, 600, 200, 1200);

        Assert.Equal(720, light.Beam, 1e-9); // 600 x 1.2
        Assert.Equal(210, light.Sky, 1e-9); // 200 x (0.5 x 1.2 + 0.5 x 0.9)
        Assert.Equal(20, light.Ground, 1e-9); // 800 x 0.25 x 0.1
    }

    [Theory]
    [InlineData(2)] // noon
    [InlineData(6)] // afternoon
    [InlineData(8)] // the sun sets within 2025-01-10T08Z+
    public void Factors_of_the_hour_give_the_mean_of_the_moments(int hour)
    {
        // Direct and diffuse light that stay the same over the hour, transposed moment by moment by the method that pvlib's values check.
        var mounting = new SingleAxisTracker(60, 0.4);
        var sun = new HourSun(Bomen).At(UtcHour.StartingAt(new(2025, 1, 10, hour, 0, 0, TimeSpan.Zero)));
        var (global, direct, expected) = (0.0, 0.0, 0.0);
        foreach (var moment in sun.Positions)
        {
            var light = new Irradiance((600 * Math.Max(moment.Up, 0)) + 100, 600, 100);
            global += light.Global / 12;
            direct += 600 * Math.Max(moment.Up, 0) / 12;
            expected += Transposition.HayDavies(mounting.SurfaceFor(moment), moment, light).Global / 12;
        }

        var mean = PlaneHour.Of(sun, mounting)
            .Irradiance(global, direct, 100, HourGeometry.Of(sun).ExtraterrestrialHorizontal).Global;

        Assert.Equal(expected, mean, 0.01 * expected);
    }

    [Fact]
    public void At_night_no_beam_reaches_the_plane()
    {
        var plane = PlaneHour.Of(new HourSun(Bomen).At(Noon.AddHours(12)), new SingleAxisTracker(60, 0.4));

        Assert.Equal(0, plane.BeamRatio);
        Assert.Equal(0, plane.Irradiance(0, 0, 0, 0).Global);
    }

    [Fact]
    public void Moving_hour_by_hour_gives_the_same_positions_as_starting_anew()
    {
        var moved = new HourSun(Bomen).At(Noon).At(Noon.AddHours(1));
        var fresh = new HourSun(Bomen).At(Noon.AddHours(1));

        Assert.Equal(fresh.Positions, moved.Positions);
        Assert.Equal(fresh.Before.Up, moved.Before.Up, 1e-12);
        Assert.Equal(AlmanacSun.At(Bomen, Noon.AddHours(1).Start.AddSeconds(-150)), fresh.Before);
    }
}
