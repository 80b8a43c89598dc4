using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Plane;

/// <summary>Expected values: pvlib tests/test_tracking.py with axis azimuth 0, ground cover ratio 2/7 where backtracking.</summary>
public sealed class MountingTests
{
    private const double Ratio = 2.0 / 7.0;

    [Theory]
    [InlineData(10, 180, 90, Ratio, 0, 0, 10)] // noon
    [InlineData(60, 90, 90, Ratio, 60, 60, 0)] // sun in the east, exactly at the edge of backtracking
    [InlineData(60, 90, 45, Ratio, 45, 45, 15)] // stopped by the limit
    [InlineData(60, 270, 45, Ratio, -45, 45, 15)] // stopped on the other side
    [InlineData(80, 90, 90, Ratio, 27.42833, 27.42833, 52.5716)] // backtracking
    [InlineData(80, 270, 90, Ratio, -27.42833, 27.42833, 52.5716)] // and its mirror image in the evening
    [InlineData(80, 90, 90, double.NaN, 80, 80, 0)] // true tracking
    public void Rotation_matches_pvlib(
        double zenith, double azimuth, double limit, double ratio, double rotation, double tilt, double incidence)
    {
        var tracker = new SingleAxisTracker(limit, double.IsNaN(ratio) ? null : ratio);
        var sun = SunPosition.FromAngles(zenith, azimuth);

        var surface = tracker.SurfaceFor(sun);

        Assert.Equal(rotation, tracker.Rotation(sun), 1e-4);
        Assert.Equal(tilt, surface.Tilt, 1e-4);
        Assert.Equal(incidence, Math.Acos(surface.CosIncidence(sun)) * 180 / Math.PI, 1e-4);
    }

    [Fact]
    public void Tracker_faces_east_in_the_morning_and_west_in_the_evening_and_lies_flat_at_night()
    {
        var tracker = new SingleAxisTracker();

        Assert.Equal(90, tracker.SurfaceFor(SunPosition.FromAngles(70, 80)).Azimuth, 1e-9);
        Assert.Equal(270, tracker.SurfaceFor(SunPosition.FromAngles(70, 280)).Azimuth, 1e-9);
        Assert.Equal(0, tracker.Rotation(SunPosition.FromAngles(91, 280)));
    }

    [Fact]
    public void Fixed_modules_face_where_they_were_put_whatever_the_sun_does()
    {
        var surface = new FixedTilt(25, 350).SurfaceFor(SunPosition.FromAngles(70, 280));

        Assert.Equal(25, surface.Tilt, 1e-9);
        Assert.Equal(350, surface.Azimuth, 1e-9);
    }

    [Fact]
    public void Impossible_angles_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedTilt(91, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedTilt(20, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SingleAxisTracker(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SingleAxisTracker(60, 0));
    }
}
