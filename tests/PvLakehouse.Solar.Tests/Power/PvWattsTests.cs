using PvLakehouse.Solar.Power;

namespace PvLakehouse.Solar.Tests.Power;

public sealed class PvWattsTests
{
    /// <summary>pvlib tests/test_inverter.py: pdc0 = 100, efficiency 0.95.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 47.60843624)]
    [InlineData(90, 85.58556604752516)]
    [InlineData(100, 95)]
    [InlineData(150, 95)]
    public void Inverter_matches_pvlib_and_clips(double dc, double expected) =>
        Assert.Equal(expected, PvWatts.Ac(dc, 100, 0.95), 1e-8);

    [Fact]
    public void Inverter_never_draws_power_and_passes_missing_values_on()
    {
        Assert.Equal(0, PvWatts.Ac(0.001, 1, 0.96));
        Assert.Equal(0, PvWatts.Ac(-5, 100, 0.96));
        Assert.True(double.IsNaN(PvWatts.Ac(double.NaN, 100, 0.96)));
    }

    /// <summary>PVWatts version 5 manual: 14.08 %. pvlib's pvwatts_losses gives 14.075660688264469.</summary>
    [Fact]
    public void Default_losses_combine_to_those_of_the_manual()
    {
        Assert.Equal(0.14075660688264469, PvWatts.DefaultLoss, 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => PvWatts.CombinedLoss([2, 101]));
    }

    /// <summary>pvlib: pvwatts_dc(900, 30, 100, -0.003) = 88.65.</summary>
    [Fact]
    public void Module_power_matches_pvlib() => Assert.Equal(88.65, PvWatts.Dc(900, 30, 100, -0.003), 1e-9);
}
