using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Power;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Power;

public sealed class PvModelTests
{
    private static readonly PvSystem Farm = new()
    {
        CapacityDcMw = 121,
        CapacityAcMw = 100,
        Mounting = new FixedTilt(0, 0),
        TemperatureCoefficient = -0.004,
        Loss = 0.1,
        InverterEfficiency = 0.95,
        Albedo = 0.2,
    };

    private static readonly SunPosition Sun = SunPosition.FromAngles(60, 0);

    [Fact]
    public void The_chain_agrees_with_the_hand_calculation()
    {
        // Flat plane: 600 W/m2. Faiman: 20 + 600/(25 + 6.84 x 2) = 35.51189 °C.
        // DC: 0.6 x 121 x (1 - 0.004 x 10.51189) x 0.9 = 62.59260 MW. DC limit: 100/0.95 = 105.26316; load 0.594630.
        // Efficiency: 0.95/0.9637 x (-0.0162 x 0.594630 - 0.0059/0.594630 + 0.9858) = 0.95251; AC = 59.6209 MW.
        var state = new PvModel(Farm).At(Sun, new(600, 1000, 100), 20, WindSpeed.FromMetresPerSecond(2));

        Assert.Equal(600, state.PlaneIrradiance, 1e-9);
        Assert.Equal(35.51189, state.CellTemperature, 1e-4);
        Assert.Equal(62.5926, state.DcPowerMw, 1e-3);
        Assert.Equal(59.621, state.AcPowerMw, 1e-2);
    }

    [Fact]
    public void Power_is_clipped_at_the_ac_capacity() =>
        Assert.Equal(
            100,
            new PvModel(Farm).At(SunPosition.FromAngles(0, 0), new(1150, 1000, 150), 10, WindSpeed.FromMetresPerSecond(10)).AcPowerMw,
            1e-9);

    [Fact]
    public void At_night_the_farm_delivers_nothing() =>
        Assert.Equal(
            0, new PvModel(Farm).At(SunPosition.FromAngles(100, 0), default, 10, WindSpeed.FromMetresPerSecond(1)).AcPowerMw);

    [Fact]
    public void A_tracker_earns_more_than_a_flat_plane_in_the_morning()
    {
        var morning = SunPosition.FromAngles(70, 80);
        var irradiance = new Irradiance(60 + (700 * morning.Up), 700, 60);
        var wind = WindSpeed.FromMetresPerSecond(3);

        var flat = new PvModel(Farm).At(morning, irradiance, 15, wind).AcPowerMw;
        var tracking = new PvModel(Farm with { Mounting = new SingleAxisTracker(60) }).At(morning, irradiance, 15, wind).AcPowerMw;

        Assert.InRange(tracking / flat, 1.5, 3);
    }

    [Fact]
    public void A_series_holds_the_single_powers_and_refuses_spans_of_other_lengths()
    {
        var model = new PvModel(Farm);
        SunPosition[] sun = [Sun, SunPosition.FromAngles(20, 10)];
        Irradiance[] irradiance = [new(600, 1000, 100), new(900, 800, 150)];
        double[] air = [20, 30];
        WindSpeed[] wind = [WindSpeed.FromMetresPerSecond(2), WindSpeed.FromMetresPerSecond(4)];
        var power = new double[2];

        model.AcPower(sun, irradiance, air, wind, power);

        Assert.Equal(
            [model.At(sun[0], irradiance[0], 20, wind[0]).AcPowerMw, model.At(sun[1], irradiance[1], 30, wind[1]).AcPowerMw], power);
        Assert.Throws<ArgumentException>(() => model.AcPower(sun, irradiance, air.AsSpan(1), wind, power));
    }

    [Fact]
    public void Impossible_farms_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Farm with { CapacityAcMw = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Farm with { Loss = 14.08 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Farm with { TemperatureCoefficient = 0.0035 });
    }
}
