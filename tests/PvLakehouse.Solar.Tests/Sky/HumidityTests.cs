using PvLakehouse.Solar.Sky;

namespace PvLakehouse.Solar.Tests.Sky;

public sealed class HumidityTests
{
    [Fact]
    public void Air_at_its_dew_point_is_saturated()
    {
        Assert.Equal(100, Humidity.Relative(12.3, 12.3), 1e-9);
        Assert.Equal(100, Humidity.Relative(12.3, 13));
    }

    [Fact]
    public void Dew_point_of_ten_degrees_at_twenty_is_about_half_saturated()
    {
        // Saturation pressure (Goff-Gratch tables): 12.27 hPa at 10 °C, 23.37 hPa at 20 °C: 52.5 %.
        Assert.Equal(52.5, Humidity.Relative(20, 10), 0.1);
        Assert.Equal(10, Humidity.DewPoint(20, Humidity.Relative(20, 10)), 1e-9);
    }

    /// <summary>Stull 2011, the paper's example: 20 °C and 50 % give 13.7 °C.</summary>
    [Fact]
    public void Wet_bulb_matches_the_papers_example() => Assert.Equal(13.7, Humidity.WetBulb(20, 50), 0.05);

    [Fact]
    public void A_humidity_of_zero_has_no_dew_point() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Humidity.DewPoint(20, 0));
}
