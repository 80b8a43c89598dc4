using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Sun;

public sealed class AlmanacSunTests
{
    [Fact]
    public void Series_formula_stays_within_a_hundredth_of_a_degree_of_the_reference()
    {
        var random = new Random(20040101);
        var from = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var worst = 0.0;
        for (var i = 0; i < 20_000; i++)
        {
            var site = new Site((random.NextDouble() * 120) - 60, (random.NextDouble() * 360) - 180);
            var instant = from.AddDays(random.NextDouble() * 365.25 * 50);
            worst = Math.Max(worst, Separation(AlmanacSun.At(site, instant), SolarPositionAlgorithm.At(site, instant)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"largest separation {worst:F5}°");
        Assert.InRange(worst, 0.0001, 0.0104);
    }

    [Fact]
    public void Distance_stays_within_a_ten_thousandth_of_the_reference()
    {
        var site = new Site(-35, 147);
        var from = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var day = 0; day < 730; day++)
        {
            var instant = from.AddDays(day);
            Assert.Equal(SolarPositionAlgorithm.At(site, instant).Distance, AlmanacSun.At(site, instant).Distance, 0.0001);
        }
    }

    [Fact]
    public void Direction_is_a_unit_vector()
    {
        var sun = AlmanacSun.At(new(-23.5, 148.1), new DateTimeOffset(2025, 3, 3, 2, 0, 0, TimeSpan.Zero));

        Assert.Equal(1, (sun.East * sun.East) + (sun.North * sun.North) + (sun.Up * sun.Up), 1e-8);
    }

    [Fact]
    public void A_series_holds_the_single_positions_and_refuses_too_few_slots()
    {
        var site = new Site(-35, 147);
        double[] seconds = [1_700_000_000, 1_700_000_300, 1_600_000_000];
        var positions = new SunPosition[3];

        AlmanacSun.At(site, seconds, positions);

        Assert.Equal(seconds.Select(s => AlmanacSun.At(site, DateTimeOffset.FromUnixTimeSeconds((long)s))), positions);
        Assert.Throws<ArgumentException>(() => AlmanacSun.At(site, seconds, positions.AsSpan(1)));
    }

    [Fact]
    public void Southern_sun_rises_in_the_east_stands_north_at_noon_and_sets_in_the_west()
    {
        // Bomen on the equinox of 2025-03-20; solar noon near 02:18 UTC (longitude 147.44 is 9 h 49.8 min, equation of time -7.5 min).
        var bomen = new Site(-35.0486, 147.4439);
        SunPosition At(double hour) => AlmanacSun.At(bomen, new DateTimeOffset(2025, 3, 20, 0, 0, 0, TimeSpan.Zero).AddHours(hour));

        Assert.InRange(At(-3.0).Azimuth, 75, 90);
        Assert.Equal(0, Math.IEEERemainder(At(2 + (17.7 / 60)).Azimuth, 360), 0.3);
        Assert.InRange(At(7.5).Azimuth, 270, 285);
        // Noon elevation on the equinox is 90° minus latitude: 54.95°.
        Assert.Equal(54.95, At(2 + (17.7 / 60)).Elevation, 0.15);
    }

    private static double Separation(SunPosition a, SunPosition b)
    {
        // By the cross product: the cosine of a small angle has no digits to spare.
        var (x, y, z) = (
            (a.North * b.Up) - (a.Up * b.North), (a.Up * b.East) - (a.East * b.Up), (a.East * b.North) - (a.North * b.East));
        return Math.Asin(Math.Sqrt((x * x) + (y * y) + (z * z))) * 180 / Math.PI;
    }
}
