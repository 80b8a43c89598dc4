using PvLakehouse.Solar.Power;

namespace PvLakehouse.Solar.Tests.Power;

/// <summary>Expected values: pvlib tests/test_temperature.py.</summary>
public sealed class CellTemperatureTests
{
    [Theory]
    [InlineData(900, 20, 5, 35.203)]
    [InlineData(500, 10, 5, 18.446)]
    [InlineData(0, 5, 0, 5)]
    public void Faiman_matches_pvlib(double irradiance, double air, double wind, double expected) =>
        Assert.Equal(expected, CellTemperature.Faiman(irradiance, air, WindSpeed.FromMetresPerSecond(wind)), 0.001);

    [Fact]
    public void Faiman_with_other_losses_matches_pvlib() =>
        Assert.Equal(37.308, CellTemperature.Faiman(900, 20, WindSpeed.FromMetresPerSecond(5), 22, 6), 0.001);

    [Fact]
    public void Sapm_adds_the_heat_of_the_cell_to_the_back_of_the_module()
    {
        var wind = WindSpeed.FromMetresPerSecond(5);

        // pvlib sapm_cell with a = -3.47, b = -0.0594, deltaT = 3: 43.509 °C.
        Assert.Equal(43.509, CellTemperature.Sapm(900, 20, wind, SapmMount.OpenRackGlassGlass), 0.001);
        // 900 exp(-3.56 - 0.375) + 20 + 2.7 = 900 x 0.0195456 + 22.7 = 40.2911
        Assert.Equal(40.2911, CellTemperature.Sapm(900, 20, wind), 0.001);
    }

    [Fact]
    public void Eighteen_kilometres_per_hour_are_five_metres_per_second()
    {
        Assert.Equal(5, WindSpeed.FromKilometresPerHour(18).MetresPerSecond, 1e-12);
        Assert.Equal(18, WindSpeed.FromMetresPerSecond(5).KilometresPerHour, 1e-12);
        Assert.True(WindSpeed.FromKilometresPerHour(17) < WindSpeed.FromMetresPerSecond(5));
    }
}
