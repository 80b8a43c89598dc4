using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;
using static PvLakehouse.Sandbox.Tests.Simulation.World;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class DeterminismTests
{
    private static readonly DateTimeOffset From = Nem(2025, 9, 20);

    [Fact]
    public void Energy_is_the_same_in_one_question_or_in_many_of_any_length_and_order()
    {
        var whole = Faulty.Energy("BOMENSF", From, 288 * 40);
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var start = random.Next(whole.Length);
            var count = random.Next(1, Math.Min(700, whole.Length - start + 1));
            var part = new SimulatedSandbox(new(), World.Registry.Facilities).Energy("BOMENSF", From.AddMinutes(5 * start), count);
            Assert.Equal(whole[start..(start + count)], part);
        }
    }

    [Theory]
    [InlineData("direct_radiation")]
    [InlineData("temperature_2m")]
    [InlineData("precipitation")]
    public void Weather_is_the_same_in_one_question_or_in_many(string variable)
    {
        var whole = Faulty.Hourly(variable, "EMERASF", From, 500);

        Assert.Equal(whole[433..434], Faulty.Hourly(variable, "EMERASF", From.AddHours(433), 1));
        Assert.Equal(whole[100..330], Faulty.Hourly(variable, "EMERASF", From.AddHours(100), 230));
    }

    [Fact]
    public void Air_is_the_same_in_one_question_or_in_many()
    {
        var whole = Faulty.Hourly("us_aqi", "EMERASF", From, 100, HourlyDataset.AirQuality);

        Assert.Equal(whole[70..71], Faulty.Hourly("us_aqi", "EMERASF", From.AddHours(70), 1, HourlyDataset.AirQuality));
    }

    [Fact]
    public void A_farm_does_not_depend_on_which_other_farms_exist()
    {
        SandboxFacility[] alone = [Farm("YATSF1")];

        Assert.Equal(
            Faulty.Energy("YATSF1", From, 288 * 5),
            new SimulatedSandbox(new(), alone).Energy("YATSF1", From, 288 * 5));
    }

    [Fact]
    public void Another_seed_is_another_world()
    {
        var other = new SimulatedSandbox(new() { Seed = 2 }, World.Registry.Facilities);

        Assert.NotEqual(Faulty.Hourly("temperature_2m", "AVLSF", From, 24), other.Hourly("temperature_2m", "AVLSF", From, 24));
        Assert.NotEqual(Faulty.Energy("AVLSF", From, 288), other.Energy("AVLSF", From, 288));
    }

    [Fact]
    public void Questions_from_many_threads_get_the_answers_of_one()
    {
        var expected = Faulty.Energy("AVLSF", From, 288 * 3);

        Parallel.For(0, 16, _ => Assert.Equal(expected, Faulty.Energy("AVLSF", From, 288 * 3)));
    }
}
