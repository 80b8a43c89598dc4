using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Simulation.Air;
using PvLakehouse.Solar.Time;
using static PvLakehouse.Sandbox.Tests.Simulation.World;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class AirTests
{
    private static readonly string[] Pollutants =
    [
        "pm2_5", "pm10", "dust", "nitrogen_dioxide", "ozone", "sulphur_dioxide", "carbon_monoxide", "uv_index", "uv_index_clear_sky",
    ];

    /// <summary>EPA breakpoints of May 2024; between them by hand: (12.0 - 9.1)/(35.4 - 9.1) x 49 + 51 = 56.4.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(9.0, 50)]
    [InlineData(9.09, 50)] // truncated to 9.0
    [InlineData(9.1, 51)]
    [InlineData(12.0, 56)]
    [InlineData(35.4, 100)]
    [InlineData(55.4, 150)]
    [InlineData(125.4, 200)]
    [InlineData(225.5, 301)]
    [InlineData(900, 500)]
    public void Fine_particle_index_follows_the_EPA_breakpoints(double mean, int index) => Assert.Equal(index, UsAqi.Pm25(mean));

    [Fact]
    public void Gases_are_converted_before_they_are_indexed()
    {
        // 54 ppb of ozone at 48 g/mol and 24.45 l/mol are 106.01 μg/m3, the end of "good"; 4.4 ppm of CO are 5040.7 μg/m3.
        Assert.Equal(50, UsAqi.Ozone(106.02));
        Assert.Equal(51, UsAqi.Ozone(108));
        Assert.Equal(50, UsAqi.CarbonMonoxide(5041));
        // 53 ppb of NO2 are 99.74 μg/m3, 35 ppb of SO2 91.72.
        Assert.Equal(50, UsAqi.NitrogenDioxide(99.8));
        Assert.Equal(50, UsAqi.SulphurDioxide(91.8));
        Assert.Equal(100, UsAqi.Pm10(154));
    }

    [Fact]
    public void A_year_of_air_is_clean_with_rare_smoke_and_dust()
    {
        var series = Ask(Utc(2024, 1, 1), 24 * 366, Later);

        Assert.All(series, values => Assert.All(values!, value => Assert.True(value >= 0 && double.IsFinite(value.Value))));
        Assert.InRange(series[0]!.Average()!.Value, 2, 9); // PM2.5
        Assert.InRange(series[0]!.Max()!.Value, 25, 300);
        Assert.All(series[0]!.Zip(series[1]!), pair => Assert.True(pair.First <= pair.Second, "PM2.5 is part of PM10"));
        Assert.InRange(series[4]!.Average()!.Value, 35, 75); // ozone
        Assert.InRange(series[6]!.Average()!.Value, 75, 140); // carbon monoxide
        Assert.All(series[7]!.Zip(series[8]!), pair => Assert.True(pair.First <= pair.Second, "clouds only take away"));
        Assert.InRange(series[8]!.Max()!.Value, 10, 15);
    }

    [Fact]
    public void The_overall_index_is_the_worst_of_the_six()
    {
        var series = Clean.Hourly(new(
            HourlyDataset.AirQuality,
            Farm("AVLSF").Location!.Value,
            ["us_aqi", "us_aqi_pm2_5", "us_aqi_pm10", "us_aqi_ozone", "us_aqi_carbon_monoxide", "us_aqi_sulphur_dioxide", "us_aqi_nitrogen_dioxide"],
            Later) { First = UtcHour.StartingAt(Utc(2025, 6, 1)), Count = 500 });

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(series.Skip(1).Max(index => index![i]), series[0]![i]);
        }
    }

    [Fact]
    public void Fine_particle_index_is_that_of_the_mean_of_twenty_four_hours()
    {
        var from = Utc(2025, 6, 1);
        var particles = Ask(from, 24, Later)[0]!.Average()!.Value;

        Assert.Equal(UsAqi.Pm25(particles), Clean.Hourly("us_aqi_pm2_5", "AVLSF", from.AddHours(23), 1, HourlyDataset.AirQuality)[0]);
    }

    [Fact]
    public void Ozone_index_is_that_of_the_mean_of_the_last_eight_hours()
    {
        var from = Utc(2025, 1, 5, 1);
        for (var hour = 0; hour < 24; hour++)
        {
            var ozone = Ask(from.AddHours(hour - 7), 8, Later)[4]!.Average()!.Value;

            Assert.Equal(
                UsAqi.Ozone(ozone), Clean.Hourly("us_aqi_ozone", "AVLSF", from.AddHours(hour), 1, HourlyDataset.AirQuality)[0]);
        }
    }

    [Fact]
    public void Air_starts_in_August_2022_and_ends_five_days_after_the_clock()
    {
        var start = Ask(Utc(2022, 7, 31, 22), 4, Later)[0]!;
        Assert.Equal([false, false, true, true], start.Select(value => value is not null));

        var clock = Utc(2025, 6, 1);
        var end = Ask(clock.AddDays(5).AddHours(-1), 4, clock)[0]!;
        Assert.Equal([true, true, false, false], end.Select(value => value is not null));
    }

    private static IReadOnlyList<double?[]?> Ask(DateTimeOffset from, int count, DateTimeOffset clock) =>
        Clean.Hourly(new(HourlyDataset.AirQuality, Farm("AVLSF").Location!.Value, Pollutants, clock)
        {
            First = UtcHour.StartingAt(from),
            Count = count,
        });
}
