using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>Energy loaded in intervals of 5 minutes, half an hour and an hour.</summary>
public sealed class IntervalLoadTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 2, 0, 0, TimeSpan.Zero);

    private static readonly IngestRequest TwoDays = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF", "MERSOLAR"],
        Window = new DayRange(new(2026, 3, 1), new(2026, 3, 2)),
    };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(Now);
        // Every five minutes tell their start: minutes since the start of March, in thousandths; an hour is the sum of its twelve.
        Fed.Data.EnergyOf = (_, interval, start) => Enumerable.Range(0, (int)interval / 5)
            .Sum(step => (start.AddMinutes(5 * step) - new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes / 1_000);
        await Fed.BronzeAsync("facilities", TwoDays);
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Theory]
    // Two days of one unit in either network; MERSOLAR has one unit too.
    [InlineData(EnergyResolution.FiveMinutes, "5m", 576)]
    [InlineData(EnergyResolution.HalfHour, "30m", 96)]
    public async Task Hours_made_of_finer_intervals_are_the_hours_that_the_source_tells(EnergyResolution resolution, string interval, int rows)
    {
        await Fed.RunAsync(TwoDays);
        var hours = await HoursAsync();
        Assert.Equal(96, hours.Length);

        await Fed.RunAsync(TwoDays with { Interval = resolution });

        Assert.Equal([$"AVLSF {rows}", $"MERSOLAR {rows}"], await Fed.Lake.RowsAsync(
            $"SELECT facility_code, count(*) FROM iceberg.bronze.raw_facility_timeseries WHERE \"interval\" = '{interval}' GROUP BY 1 ORDER BY 1"));
        Assert.Equal(hours, await HoursAsync());
        Assert.Equal([$"{interval} true"], await Fed.Lake.RowsAsync(
            $"SELECT DISTINCT '{interval}', intervals_count = expected_intervals AND intervals_count > 1 FROM iceberg.silver.clean_hourly_energy"));
    }

    [Fact]
    public async Task The_first_and_last_five_minutes_of_a_day_stay_in_their_day()
    {
        await Fed.BronzeAsync("facility_timeseries", TwoDays with { Interval = EnergyResolution.FiveMinutes });

        // NEM stamps close their interval, WEM stamps open it.
        Assert.Equal(
            ["AVLSF 2026-03-01T00:05:00+10:00 2026-03-03T00:00:00+10:00", "MERSOLAR 2026-03-01T00:00:00+08:00 2026-03-02T23:55:00+08:00"],
            await Fed.Lake.RowsAsync(
                """
                SELECT facility_code, min(interval_start), max(interval_start)
                FROM iceberg.bronze.raw_facility_timeseries GROUP BY 1 ORDER BY 1
                """));
    }

    [Fact]
    public async Task A_half_hour_that_lacks_five_minutes_has_no_sum_and_its_hour_keeps_what_was_sent()
    {
        // 1 March, 10:00 to 10:05 NEM time is missing.
        var gap = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Fed.Data.EnergyNow = (_, start, value) => start == gap ? null : value;
        await Fed.RunAsync(TwoDays with { Interval = EnergyResolution.HalfHour, Facilities = ["AVLSF"] });

        Assert.Equal(["30m 96 95", "5m 12 11"], await Fed.Lake.RowsAsync(
            "SELECT \"interval\", count(*), count(value) FROM iceberg.bronze.raw_facility_timeseries GROUP BY 1 ORDER BY 1"));
        // Minutes 5 to 55 in steps of 5 are 330: eleven of twelve intervals.
        Assert.Equal(["0.33 11 12 PARTIAL_HOUR"], await Fed.Lake.RowsAsync(
            """
            SELECT energy_mwh, intervals_count, expected_intervals, list_filter(string_split(quality_issues, '|'), x -> x = 'PARTIAL_HOUR')[1]
            FROM iceberg.silver.clean_hourly_energy WHERE date_hour = TIMESTAMPTZ '2026-03-01 00:00:00+00'
            """));

        // The value comes later: the half hour gets its sum, and the hour is whole.
        Fed.Data.EnergyNow = null;
        await Fed.RunAsync(TwoDays with { Interval = EnergyResolution.HalfHour, Facilities = ["AVLSF"], Refresh = true });
        Assert.Equal(["0.33 2 2"], await Fed.Lake.RowsAsync(
            """
            SELECT energy_mwh, intervals_count, expected_intervals
            FROM iceberg.silver.clean_hourly_energy WHERE date_hour = TIMESTAMPTZ '2026-03-01 00:00:00+00'
            """));
    }

    [Fact]
    public async Task Each_length_has_days_of_its_own()
    {
        await Fed.BronzeAsync("facility_timeseries", TwoDays);
        await Fed.BronzeAsync("facility_timeseries", TwoDays with { Interval = EnergyResolution.FiveMinutes });
        var asked = Fed.Asked.Count;

        await Fed.BronzeAsync("facility_timeseries", TwoDays with { Interval = EnergyResolution.FiveMinutes });
        await Fed.BronzeAsync("facility_timeseries", TwoDays);

        Assert.Equal(asked, Fed.Asked.Count);
    }

    private Task<string[]> HoursAsync() => Fed.Lake.RowsAsync(
        "SELECT facility_code, epoch(date_hour), round(energy_mwh, 6) FROM iceberg.silver.clean_hourly_energy ORDER BY 1, 2");
}
