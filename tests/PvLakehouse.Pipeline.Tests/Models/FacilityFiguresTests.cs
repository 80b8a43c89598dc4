using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>The figures of gold on hours whose arithmetic fits on a slip of paper.</summary>
public sealed class FacilityFiguresTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 125, 100);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Figures_of_an_hour_follow_from_energy_irradiance_and_the_capacity_they_name()
    {
        await HourAsync("2025-01-01T02", 75);

        await _lake.RunAsync();

        // The plane of the hour, moved by the method of Solar that is checked against pvlib: 800 global, 600 direct, 200 diffuse.
        var sun = new HourSun(new Site(-34.9, 146.6)).At(UtcHour.StartingAt(new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero)));
        var poa = PlaneHour.Of(sun, new SingleAxisTracker(60, 0.4))
            .Irradiance(800, 600, 200, HourGeometry.Of(sun).ExtraterrestrialHorizontal).Global;
        var clear = HourGeometry.Of(sun).ClearSkyGlobal;
        // Faiman without wind: 25 + G/25.
        var module = 25 + (poa / 25.0);
        var figures = (await _lake.RowsAsync(
            """
            SELECT poa_irradiance, module_temperature, clear_sky_index, reference_energy_mwh, performance_ratio, performance_ratio_25c,
              performance_ratio_ghi, capacity_factor, specific_yield, ac_capacity_mw, dc_capacity_mw, expected_energy_mwh
            FROM iceberg.gold.fact_solar_environmental WHERE energy_mwh IS NOT NULL
            """))[0].Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(poa, figures[0], 1e-3);
        Assert.Equal(module, figures[1], 1e-3);
        Assert.Equal(800 / clear, figures[2], 1e-4);
        Assert.Equal(125 * poa / 1000, figures[3], 1e-5); // MWh at 125 MW and 1 kW/m2
        Assert.Equal(75 / (125 * poa / 1000), figures[4], 1e-5);
        Assert.Equal(75 / (125 * poa / 1000 * (1 - (0.0035 * (module - 25)))), figures[5], 1e-5);
        Assert.Equal(0.75, figures[6], 1e-6); // 75 MWh of 0.8 kWh/m2 x 125 MW = 100 MWh
        Assert.Equal(0.75, figures[7], 1e-6); // of 100 MW AC
        Assert.Equal(0.6, figures[8], 1e-6); // 75 MWh by 125 MW
        Assert.Equal((100.0, 125.0), (figures[9], figures[10]));
        // PVWatts 5 (Dobos 2014): losses 14.08 %, -0.35 %/K, an inverter of 100 MW / 96 %.
        var dc = 125 * poa / 1000 * (1 - (0.0035 * (module - 25))) * (1 - 0.1408);
        var load = dc * 0.96 / 100;
        Assert.Equal(dc * 0.96 / 0.9637 * ((-0.0162 * load) - (0.0059 / load) + 0.9858), figures[11], 1e-5);
    }

    [Fact]
    public async Task Without_a_nameplate_there_is_no_performance_ratio()
    {
        // 102 registered on 100 is the AC limit once more.
        await _lake.FacilityAsync("OTHER", 102, 100);
        await HourAsync("2025-01-01T02", 75, "OTHER");

        await _lake.RunAsync();

        Assert.Equal(["null null null 0.75 true"], await _lake.RowsAsync(
            """
            SELECT dc_capacity_mw, performance_ratio, specific_yield, capacity_factor, expected_energy_mwh > 0
            FROM iceberg.gold.fact_solar_environmental WHERE energy_mwh IS NOT NULL
            """));
    }

    [Fact]
    public async Task Days_and_months_divide_sums_and_leave_out_what_is_not_valid()
    {
        // Local 2025-01-01 13:00 to 16:00: 80 and 40 MWh under the same sky, 120 above the connection's 100 (but not above 125 MW of
        // modules, so the day is not held), one hour missing.
        await HourAsync("2025-01-01T02", 80);
        await HourAsync("2025-01-01T03", 40);
        await HourAsync("2025-01-01T04", 120);
        await HourAsync("2025-01-01T06", 50);
        await HourAsync("2025-01-02T02", 60);

        await _lake.RunAsync();

        Assert.Equal(
            ["20250101 4 3 1 290.000000 170.000000", "20250102 1 1 0 60.000000 60.000000"],
            await _lake.RowsAsync(
                """
                SELECT date_key, energy_hours, valid_hours, bad_hours, energy_mwh, valid_energy_mwh
                FROM iceberg.gold.agg_daily_facility ORDER BY 1
                """));
        // 170 MWh in three hours of 100 MW; 230 in four in the month, which is not the mean of 0.566667 and 0.6.
        // The farm's hours are 02Z of the first to 02Z of the second: 11 on the one local day (UTC+11), 14 on the other.
        Assert.Equal(["0.566667 0.154545 1.36", "0.6 0.042857 0.48"], await _lake.RowsAsync(
            "SELECT capacity_factor, capacity_factor_calendar, specific_yield FROM iceberg.gold.agg_daily_facility ORDER BY date_key"));
        Assert.Equal(["202501 2 5 4 1 230.000000 0.575 0.092 1.84"], await _lake.RowsAsync(
            """
            SELECT month_key, days, energy_hours, valid_hours, bad_hours, valid_energy_mwh,
              capacity_factor, capacity_factor_calendar, specific_yield
            FROM iceberg.gold.agg_monthly_facility
            """));
        // Ratio of sums: the hours' own numerators and denominators, added up by another query.
        Assert.Equal(["true true true true true"], await _lake.RowsAsync(
            """
            SELECT abs(m.performance_ratio - f.pr) < 1e-6, abs(m.performance_ratio_25c - f.pr25) < 1e-6,
              abs(m.performance_ratio_ghi - f.ghi) < 1e-6, abs(m.energy_ratio - f.ratio) < 1e-6, abs(m.clear_sky_index - f.sky) < 1e-6
            FROM iceberg.gold.agg_monthly_facility m, (
              SELECT CAST(sum(energy_mwh) AS DOUBLE) / sum(reference_energy_mwh) AS pr,
                CAST(sum(energy_mwh) AS DOUBLE) / sum(reference_energy_25c_mwh) AS pr25,
                CAST(sum(energy_mwh) AS DOUBLE) * 1000 / sum(yr_weighted_kwh) AS ghi,
                CAST(sum(energy_mwh) AS DOUBLE) / sum(expected_energy_mwh) AS ratio,
                (SELECT sum(shortwave_radiation) / sum(clear_sky_radiation) FROM iceberg.gold.fact_solar_environmental) AS sky
              FROM iceberg.gold.fact_solar_environmental WHERE is_valid) f
            """));
    }

    [Fact]
    public async Task A_late_hour_changes_its_day_and_month_and_a_full_run_finds_nothing_to_change()
    {
        await HourAsync("2025-01-01T02", 80);
        await HourAsync("2025-01-05T02", 70);
        await _lake.RunAsync();
        await HourAsync("2025-01-01T03", 60);

        await _lake.RunAsync();

        Assert.Equal(["20250101 140.000000 2", "20250105 70.000000 1"], await _lake.RowsAsync(
            "SELECT date_key, energy_mwh, energy_hours FROM iceberg.gold.agg_daily_facility WHERE energy_hours > 0 ORDER BY 1"));
        Assert.Equal(["210.000000"], await _lake.RowsAsync("SELECT energy_mwh FROM iceberg.gold.agg_monthly_facility"));
        Assert.All(await _lake.RunAsync(ModelMode.Full), stage => Assert.True(stage.SnapshotId is null, stage.Table));
    }

    private async Task HourAsync(string hour, double energy, string farm = "NYNGAN")
    {
        var next = $"{hour[..^2]}{int.Parse(hour[^2..], System.Globalization.CultureInfo.InvariantCulture) + 1:D2}";
        Dictionary<string, double?> weather = new()
        {
            ["shortwave_radiation"] = 800, ["direct_radiation"] = 600, ["diffuse_radiation"] = 200, ["direct_normal_irradiance"] = 650,
            ["temperature_2m"] = 25, ["dew_point_2m"] = 15, ["wet_bulb_temperature_2m"] = 18, ["pressure_msl"] = 1013,
        };
        await _lake.EnergyAsync((farm, $"{farm}1", hour, energy));
        await _lake.WeatherAsync((farm, hour, weather), (farm, next, weather));
    }
}
