using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Farms;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Sun;
using static PvLakehouse.Sandbox.Tests.Simulation.World;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class FarmTests
{
    private const int Year = 366;

    [Fact]
    public void A_clean_year_is_zero_at_night_and_never_above_the_ac_capacity()
    {
        var farm = Farm("LIMOSF2");
        var site = new Site(farm.Location!.Value.Latitude, farm.Location.Value.Longitude);
        var from = Nem(2024, 1, 1);
        var energy = Clean.Energy("LIMOSF2", from, 288 * Year);

        for (var i = 0; i < energy.Length; i++)
        {
            Assert.InRange(energy[i]!.Value, 0, (29.0 / 12) + 1e-9);
            if (AlmanacSun.At(site, from.AddMinutes(5 * i)).Up < 0 && AlmanacSun.At(site, from.AddMinutes(5 * (i + 1))).Up < 0)
            {
                Assert.Equal(0, energy[i]);
            }
        }

        // A DC to AC ratio of 1.31 must clip on sunny days.
        Assert.InRange(energy.Count(value => value > 29.0 / 12 * 0.9999), 500, 30_000);
    }

    [Fact]
    public void An_hour_is_the_sum_of_its_twelve_intervals()
    {
        var hours = Faulty.Energy("EMERASF", Nem(2025, 1, 1), 24 * 90, EnergyInterval.Hour);
        var steps = Faulty.Energy("EMERASF", Nem(2025, 1, 1), 288 * 90);

        for (var i = 0; i < hours.Length; i++)
        {
            var parts = steps[(12 * i)..(12 * (i + 1))].OfType<double>().ToArray();
            if (parts.Length == 0)
            {
                Assert.Null(hours[i]);
            }
            else
            {
                Assert.Equal(parts.Sum(), hours[i]!.Value, 1e-9);
            }
        }
    }

    [Fact]
    public void The_default_farms_have_capacity_factors_of_their_country() =>
        Assert.All(DefaultFarms, code =>
        {
            var energy = Clean.Energy(code, Nem(2024, 1, 1), 24 * Year, EnergyInterval.Hour).Sum()!.Value;
            Assert.InRange(energy / (24 * Year) / Farm(code).Units[0].CapacityMw!.Value, 0.18, 0.32);
        });

    [Fact]
    public void Power_changes_no_more_at_full_hours_than_between_them()
    {
        var energy = Clean.Energy("BOMENSF", Nem(2024, 1, 1), 288 * Year);
        double MeanChange(Func<int, bool> chosen) =>
            Enumerable.Range(1, energy.Length - 1).Where(chosen).Average(i => Math.Abs(energy[i]!.Value - energy[i - 1]!.Value));

        Assert.InRange(MeanChange(i => i % 12 == 0) / MeanChange(i => i % 12 == 6), 0.9, 1.1);
    }

    [Theory]
    [InlineData("BOMENSF")]
    [InlineData("EMERASF")]
    [InlineData("YATSF1")]
    public void Monthly_centroid_of_clean_power_lies_at_solar_noon(string code)
    {
        var site = new Site(Farm(code).Location!.Value.Latitude, Farm(code).Location!.Value.Longitude);
        for (var month = 1; month <= 12; month++)
        {
            var days = DateTime.DaysInMonth(2025, month);
            var from = Nem(2025, month, 1);
            var energy = Clean.Energy(code, from, 288 * days);

            // The envelope: for each time of day the 90th percentile over the month.
            var (weighted, sum) = (0.0, 0.0);
            for (var slot = 0; slot < 288; slot++)
            {
                var values = Enumerable.Range(0, days).Select(day => energy[(288 * day) + slot]!.Value).Order().ToArray();
                var top = values[(int)(0.9 * (days - 1))];
                weighted += top * ((slot + 0.5) / 12);
                sum += top;
            }

            Assert.Equal(SolarNoon(site, from.AddDays(days / 2)), weighted / sum, 0.1);
        }
    }

    [Fact]
    public void Most_farms_track_the_sun_and_all_have_more_modules_than_inverters()
    {
        var designs = World.Registry.Facilities
            .SelectMany(farm => farm.Units, FarmDesign.Of)
            .OfType<Solar.Power.PvSystem>()
            .ToArray();

        Assert.InRange(designs.Count(design => design.Mounting is SingleAxisTracker) / (double)designs.Length, 0.75, 0.95);
        Assert.All(designs, design => Assert.InRange(design.CapacityDcMw / design.CapacityAcMw, 1.05, 2));
    }

    [Fact]
    public void Published_capacities_are_taken_and_missing_ones_filled_by_the_usual_ratio()
    {
        PvLakehouse.Solar.Power.PvSystem Design(double? registered, double? maximum) =>
            FarmDesign.Of(Farm("AVLSF"), new("X", "operating", registered, maximum))!;

        Assert.Equal((254.1, 190), (Design(254.1, 190).CapacityDcMw, Design(254.1, 190).CapacityAcMw));
        Assert.Equal((120, 100), (Design(null, 100).CapacityDcMw, Design(null, 100).CapacityAcMw));
        Assert.Equal((120, 100), (Design(100, null).CapacityDcMw, Design(100, null).CapacityAcMw));
        Assert.Equal((120, 100), (Design(100, 100).CapacityDcMw, Design(100, 100).CapacityAcMw));
        Assert.Null(FarmDesign.Of(Farm("AVLSF"), new("X", "operating", null, null)));
    }

    [Fact]
    public void Nothing_is_known_of_an_interval_before_it_has_ended()
    {
        var clock = Utc(2025, 1, 10, 2, 7);
        var steps = Faulty.Energy("BOMENSF", Utc(2025, 1, 10, 1, 50), 6, asOf: clock);
        Assert.Equal([true, true, true, false, false, false], steps.Select(value => value is not null));

        // The hour of the clock holds what its finished intervals hold; the next one nothing.
        var hours = Faulty.Energy("BOMENSF", Utc(2025, 1, 10, 1), 3, EnergyInterval.Hour, clock);
        Assert.Equal(steps[2]!.Value, hours[1]!.Value, 1e-9);
        Assert.Null(hours[2]);
    }

    [Fact]
    public void A_unit_has_no_data_before_it_was_first_seen_nor_a_farm_without_interval_data_ever()
    {
        // NEWENSF1: first stamp 2022-12-20 10:45 network time, the end of the interval that starts at 10:40 (00:40 UTC).
        var first = Clean.Energy("NEWENSF", Utc(2022, 12, 20, 0, 30), 4);
        Assert.Equal([false, false, true, true], first.Select(value => value is not null));

        Assert.All(Clean.Energy("BAKING", Utc(2025, 1, 10), 24, EnergyInterval.Hour), Assert.Null);
    }

    [Fact]
    public void A_unit_of_another_world_is_refused()
    {
        var unit = new SandboxUnit("NOBODY1", "operating", 1, 1);

        var error = Assert.Throws<ArgumentException>(
            () => Clean.Energy(unit, EnergyInterval.Hour, Utc(2025, 1, 1), Later, new double?[1]));
        Assert.Contains("'NOBODY1'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Clean.Energy("AVLSF", Utc(2025, 1, 1).AddMinutes(2), 1));
    }

    [Fact]
    public void The_simulation_says_that_it_is_one() => Assert.Equal(SandboxDataKind.Simulation, Clean.Kind);

    // Hours after network midnight at which the sun stands highest, by the reference algorithm minute by minute.
    private static double SolarNoon(Site site, DateTimeOffset midnight) =>
        Enumerable.Range(9 * 60, 6 * 60).MaxBy(minute => SolarPositionAlgorithm.At(site, midnight.AddMinutes(minute)).Up) / 60.0;
}
