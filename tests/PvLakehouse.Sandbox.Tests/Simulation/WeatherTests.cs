using PvLakehouse.Sandbox.Data;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Limits;
using PvLakehouse.Solar.Time;
using static PvLakehouse.Sandbox.Tests.Simulation.World;

namespace PvLakehouse.Sandbox.Tests.Simulation;

public sealed class WeatherTests
{
    private const int Year = 24 * 366;
    private static readonly DateTimeOffset From = Utc(2024, 1, 1);

    private static readonly string[] PredecessorVariables =
    [
        "shortwave_radiation", "direct_radiation", "diffuse_radiation", "direct_normal_irradiance", "terrestrial_radiation",
        "temperature_2m", "dew_point_2m", "cloud_cover", "cloud_cover_low", "cloud_cover_mid", "cloud_cover_high", "precipitation",
        "is_day", "sunshine_duration", "total_column_integrated_water_vapour", "boundary_layer_height", "wind_gusts_10m",
        "wet_bulb_temperature_2m", "wind_speed_10m", "wind_direction_10m", "pressure_msl",
    ];

    [Fact]
    public void All_variables_of_the_lakehouse_are_simulated_and_unknown_ones_say_so()
    {
        var answer = Clean.Hourly(new(HourlyDataset.Archive, Farm("AVLSF").Location!.Value, [.. PredecessorVariables, "soil_moisture"], Later)
        {
            First = UtcHour.StartingAt(From),
            Count = 48,
        });

        Assert.All(answer.SkipLast(1), series => Assert.All(series!, value => Assert.True(double.IsFinite(value!.Value))));
        Assert.Null(answer[^1]);
    }

    [Fact]
    public void Direct_and_diffuse_add_up_to_the_global_radiation_exactly_as_published()
    {
        var series = Ask("FINLEYSF", ["shortwave_radiation", "direct_radiation", "diffuse_radiation"]);
        double Published(int variable, int hour) => Math.Round(series[variable]![hour]!.Value, 1);

        for (var i = 0; i < Year; i++)
        {
            Assert.Equal(Published(0, i), Published(1, i) + Published(2, i), 1e-9);
        }
    }

    [Fact]
    public void Direct_normal_irradiance_times_the_mean_cosine_of_the_preceding_hour_is_the_direct_radiation()
    {
        var direct = Clean.Hourly("direct_radiation", "FINLEYSF", From, 2000);
        var normal = Clean.Hourly("direct_normal_irradiance", "FINLEYSF", From, 2000);
        var terrestrial = Clean.Hourly("terrestrial_radiation", "FINLEYSF", From, 2000);
        var site = CellSite("FINLEYSF");

        for (var i = 0; i < 2000; i++)
        {
            var hour = HourGeometry.Of(site, UtcHour.StartingAt(From).AddHours(i - 1));
            Assert.Equal(direct[i]!.Value, normal[i]!.Value * hour.MeanCosZenith, 1e-9);
            Assert.Equal(hour.ExtraterrestrialHorizontal, terrestrial[i]!.Value, 1e-9);
        }
    }

    [Fact]
    public void Radiation_is_zero_in_the_hours_before_night_stamps_and_within_the_QCRad_limits_by_day()
    {
        var series = Ask("EMERASF", ["shortwave_radiation", "diffuse_radiation", "direct_normal_irradiance"]);
        var (global, diffuse, normal) = (series[0]!, series[1]!, series[2]!);
        var site = CellSite("EMERASF");

        for (var i = 0; i < Year; i++)
        {
            var hour = HourGeometry.Of(site, UtcHour.StartingAt(From).AddHours(i - 1));
            if (hour.MaxElevation < 0)
            {
                Assert.Equal(0, global[i]);
            }

            var (cosine, above) = (hour.MeanCosZenith, hour.ExtraterrestrialNormal);
            Assert.True(QcRad.Global(QcRadLimit.ExtremelyRare, cosine, above).Contains(global[i]!.Value));
            Assert.True(QcRad.Diffuse(QcRadLimit.ExtremelyRare, cosine, above).Contains(diffuse[i]!.Value));
            Assert.True(QcRad.DirectNormal(QcRadLimit.PhysicallyPossible, cosine, above).Contains(normal[i]!.Value));
        }
    }

    /// <summary>Bounds around the means of the recorded weather of nine farms (Oct-Nov 2025: kt 0.60, diffuse share 0.30).</summary>
    [Fact]
    public void A_year_of_sky_resembles_the_recorded_one()
    {
        string[] names =
            ["shortwave_radiation", "terrestrial_radiation", "diffuse_radiation", "cloud_cover", "precipitation", "wind_speed_10m"];
        foreach (var farm in DefaultFarms)
        {
            var means = Ask(farm, names).Select(series => series!.Average()!.Value).ToArray();

            Assert.InRange(means[0] / means[1], 0.54, 0.64);
            Assert.InRange(means[2] / means[0], 0.23, 0.35);
            Assert.InRange(means[3], 35, 57);
            Assert.InRange(means[4] * 8760, 150, 1000); // mm a year
            Assert.InRange(means[5], 9, 16); // km/h; m/s would be 2.5 to 4.5
        }
    }

    [Fact]
    public void Weather_persists_for_hours_and_days_and_then_is_forgotten()
    {
        var cloud = Clean.Hourly("cloud_cover", "BOMENSF", From, Year);

        Assert.InRange(Correlation(cloud, 1), 0.85, 0.999);
        Assert.InRange(Correlation(cloud, 12), 0.15, 0.80);
        Assert.InRange(Correlation(cloud, 24 * 20), -0.15, 0.15);
    }

    [Fact]
    public void Neighbours_share_their_weather_and_distant_farms_do_not()
    {
        // Avonlie and Darlington Point lie 60 km apart, Emerald 1,200 km north of both.
        var avonlie = Clean.Hourly("cloud_cover", "AVLSF", From, Year);

        var near = Correlation(avonlie, Clean.Hourly("cloud_cover", "DARLSF", From, Year));
        var far = Correlation(avonlie, Clean.Hourly("cloud_cover", "EMERASF", From, Year));

        Assert.InRange(near, 0.6, 0.99);
        Assert.InRange(far, -0.2, 0.3);
    }

    [Fact]
    public void Summer_is_warmer_than_winter_and_the_afternoon_warmer_than_the_dawn()
    {
        var temperature = Clean.Hourly("temperature_2m", "YATSF1", From, Year);
        double MeanOf(Func<DateTimeOffset, bool> chosen) =>
            Enumerable.Range(0, Year).Where(i => chosen(From.AddHours(i))).Average(i => temperature[i]!.Value);

        Assert.InRange(MeanOf(t => t.Month == 1) - MeanOf(t => t.Month == 7), 11, 20);
        Assert.InRange(MeanOf(t => t.Hour == 5) - MeanOf(t => t.Hour == 20), 7, 15); // 15 h against 6 h of solar time
    }

    [Fact]
    public void Every_hour_is_physically_consistent()
    {
        string[] names =
        [
            "temperature_2m", "dew_point_2m", "wet_bulb_temperature_2m", "relative_humidity_2m", "wind_speed_10m", "wind_gusts_10m",
            "cloud_cover", "cloud_cover_low", "cloud_cover_mid", "cloud_cover_high", "precipitation", "sunshine_duration",
            "wind_direction_10m",
        ];
        var series = Ask("WRSF1", names);
        double At(int variable, int hour) => series[variable]![hour]!.Value;

        for (var i = 1; i < Year; i++)
        {
            Assert.InRange(At(0, i), -12, 49);
            Assert.InRange(At(2, i), At(1, i), At(0, i)); // dew point <= wet bulb <= temperature
            Assert.InRange(At(3, i), 1, 100);
            Assert.InRange(At(4, i), 0.1, At(5, i)); // wind <= gust
            Assert.InRange(At(6, i), Math.Max(At(7, i), Math.Max(At(8, i), At(9, i))) - 1e-9, 100);
            Assert.True(At(10, i) < 0.05 || At(6, i) > 45 || At(6, i - 1) > 45, "rain needs clouds");
            Assert.InRange(At(11, i), 0, 3600);
            Assert.InRange(At(12, i), 0, 360);
        }
    }

    /// <summary>
    /// Nearest to the equator dew points are highest. Recorded dew points of nine farms keep one value (to 0.1 °C) for 5 hours at most, and
    /// 12 is the no-observed-change limit (Meek and Hatfield 1994) that the lakehouse warns at; above 80 °F (26.7 °C) they are extremely rare
    /// (US National Weather Service). A hard limit at 25.5 °C kept one for 116 hours.
    /// </summary>
    [Fact]
    public void The_dew_point_of_the_muggiest_farms_is_tropical_and_never_stands_still()
    {
        foreach (var farm in World.Registry.Facilities.Where(farm => farm.Location is not null).OrderByDescending(farm => farm.Location!.Value.Latitude).Take(3))
        {
            var dewPoint = Array.ConvertAll(Clean.Hourly("dew_point_2m", farm.Code, From, Year), value => Math.Round(value!.Value, 1));
            var (run, longest) = (1, 1);
            for (var i = 1; i < Year; i++)
            {
                run = dewPoint[i] == dewPoint[i - 1] ? run + 1 : 1;
                longest = Math.Max(longest, run);
            }

            Assert.True(longest <= 12, $"{farm.Code} keeps one dew point for {longest} hours.");
            Assert.InRange(dewPoint.Max(), 23, 26.7);
        }
    }

    [Fact]
    public void The_archive_ends_at_the_clock_except_for_astronomy()
    {
        var clock = Utc(2025, 3, 1, 5, 30);
        double?[] Ask(string name) => Clean.Hourly(name, "AVLSF", Utc(2025, 3, 1), 12, HourlyDataset.Archive, clock);

        Assert.Equal(6, Ask("temperature_2m").Count(value => value is not null)); // 00:00 .. 05:00
        Assert.All(Ask("terrestrial_radiation"), value => Assert.NotNull(value));
        Assert.All(Ask("is_day"), value => Assert.NotNull(value));
    }

    [Fact]
    public void The_forecast_reaches_sixteen_days_and_errs_the_more_the_further_it_looks()
    {
        var clock = Utc(2025, 3, 1);
        var asked = Clean.Hourly("cloud_cover", "AVLSF", clock.AddDays(-2), 24 * 20, HourlyDataset.Forecast, clock);
        Assert.Equal(24 * (2 + 16) + 1, asked.Count(value => value is not null));

        var truth = Clean.Hourly("cloud_cover", "AVLSF", clock.AddDays(-2), 24 * 2);
        Assert.Equal(truth, asked[..48]);

        double Error(int day)
        {
            var sum = 0.0;
            for (var run = 0; run < 40; run++)
            {
                var issued = clock.AddDays(3 * run);
                var from = issued.AddDays(day);
                var forecast = Clean.Hourly("temperature_2m", "AVLSF", from, 24, HourlyDataset.Forecast, issued);
                var actual = Clean.Hourly("temperature_2m", "AVLSF", from, 24);
                sum += forecast.Zip(actual, (f, a) => Math.Abs(f!.Value - a!.Value)).Average();
            }

            return sum / 40;
        }

        Assert.InRange(Error(0), 0.1, 1.5);
        Assert.True(Error(1) < Error(5));
        Assert.InRange(Error(10), 2, 6);
    }

    [Theory]
    [InlineData("temperature_2m", 1)]
    [InlineData("shortwave_radiation", 1)]
    [InlineData("cloud_cover", 4)]
    public void A_previous_run_says_what_the_forecast_said_when_it_was_the_newest(string variable, int leadDays)
    {
        var first = Utc(2025, 3, 10, 3);

        var previous = Clean.Hourly(variable, "AVLSF", first, 12, HourlyDataset.Forecast, Later, leadDays);

        // Stamps 03 to 05 come from the run of 00 UTC some days before, 06 to 11 from that of 06, 12 to 14 from that of 12.
        double?[] Said(int run, int from, int count) =>
            Clean.Hourly(variable, "AVLSF", Utc(2025, 3, 10, from), count, HourlyDataset.Forecast, Utc(2025, 3, 10, run).AddDays(-leadDays));
        Assert.Equal([.. Said(0, 3, 3), .. Said(6, 6, 6), .. Said(12, 12, 3)], previous);
    }

    [Fact]
    public void Earlier_runs_err_more()
    {
        var (first, count) = (Utc(2025, 1, 1), 24 * 120);
        var truth = Clean.Hourly("shortwave_radiation", "AVLSF", first, count);
        double Error(int leadDays) => Math.Sqrt(
            Clean.Hourly("shortwave_radiation", "AVLSF", first, count, HourlyDataset.Forecast, Later, leadDays)
                .Zip(truth, (forecast, actual) => Math.Pow(forecast!.Value - actual!.Value, 2)).Average());

        var errors = new[] { Error(1), Error(2), Error(4), Error(7) };

        Assert.Equal(errors.Order(), errors);
        Assert.True(errors[3] > 1.3 * errors[0], string.Join(' ', errors));
    }

    [Fact]
    public void A_run_that_is_still_to_come_has_said_nothing_and_none_was_kept_before_2024()
    {
        var clock = Utc(2025, 3, 10, 7, 30);
        double?[] Ask(int leadDays, DateTimeOffset first, int count) =>
            Clean.Hourly("temperature_2m", "AVLSF", first, count, HourlyDataset.Forecast, clock, leadDays);

        // The newest run is that of 06 UTC; one day ahead it speaks of the stamps up to 11 UTC tomorrow.
        Assert.Equal([true, true, false, false], Ask(1, Utc(2025, 3, 11, 10), 4).Select(value => value is not null));
        Assert.All(Ask(2, Utc(2025, 3, 11, 10), 4), value => Assert.NotNull(value));
        // Two days before 2 January was the year before.
        Assert.Equal([false, true], Ask(2, Utc(2024, 1, 2, 23), 2).Select(value => value is not null));
    }

    [Fact]
    public void Places_of_one_cell_have_the_same_weather_and_cell()
    {
        var cell = Clean.CellOf(HourlyDataset.Archive, new(-34.919115, 146.60954));

        Assert.Equal((-34.9f, 146.6f), (cell.Latitude, cell.Longitude));
        Assert.Equal(cell, Clean.CellOf(HourlyDataset.Forecast, new(-34.88, 146.63)));
        Assert.InRange(cell.Elevation!.Value, 60, 340);
        Assert.Equal(-34.8f, Clean.CellOf(HourlyDataset.AirQuality, new(-34.919115, 146.60954)).Latitude);
    }

    private static IReadOnlyList<double?[]?> Ask(string farm, string[] variables) =>
        Clean.Hourly(new(HourlyDataset.Archive, Farm(farm).Location!.Value, variables, Later)
        {
            First = UtcHour.StartingAt(From),
            Count = Year,
        });

    private static Site CellSite(string farm)
    {
        var cell = Clean.CellOf(HourlyDataset.Archive, Farm(farm).Location!.Value);
        return new(Math.Round(cell.Latitude, 1), Math.Round(cell.Longitude, 1));
    }

    private static double Correlation(double?[] series, int lag) => Correlation(series[..^lag], series[lag..]);

    private static double Correlation(double?[] a, double?[] b)
    {
        var (meanA, meanB) = (a.Average()!.Value, b.Average()!.Value);
        var pairs = a.Zip(b, (x, y) => (X: x!.Value - meanA, Y: y!.Value - meanB)).ToArray();
        return pairs.Sum(p => p.X * p.Y) / Math.Sqrt(pairs.Sum(p => p.X * p.X) * pairs.Sum(p => p.Y * p.Y));
    }
}
