using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>Loads day after day: each farm's own days, the lookback, and what of it is news.</summary>
public sealed class DailyLoadTests : IAsyncLifetime
{
    // 11 March, noon in the NEM: yesterday is the 10th.
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 2, 0, 0, TimeSpan.Zero);

    private static readonly IngestRequest Daily = new() { Mode = IngestMode.Incremental };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(Start);
        await Fed.BronzeAsync("facilities", Daily with { Facilities = ["AVLSF", "EMERASF"] });
        await BackfillAsync("AVLSF", new(2026, 2, 20), new(2026, 3, 10));
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Fact]
    public async Task A_farm_added_later_gets_the_days_that_the_others_have()
    {
        await Fed.BronzeAsync("facility_timeseries", Daily);

        // 20 February to 10 March are 19 days of one unit.
        Assert.Equal(["AVLSF 456", "EMERASF 456"], await CountsAsync());
    }

    [Fact]
    public async Task A_stretch_that_lies_apart_is_not_joined_to_the_newest_one()
    {
        await BackfillAsync("AVLSF", new(2025, 6, 1), new(2025, 6, 2));

        await Fed.BronzeAsync("facility_timeseries", Daily);

        // Two days more for AVLSF; EMERASF gets the newest stretch, and nobody the nine months in between.
        Assert.Equal(["AVLSF 504", "EMERASF 456"], await CountsAsync());
    }

    [Fact]
    public async Task Missed_days_are_caught_up_and_ten_days_before_them_read_again_in_one_request_a_group()
    {
        await BackfillAsync("EMERASF", new(2026, 2, 20), new(2026, 3, 10));
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(4));
        var before = Fed.Asked.Count;

        await Fed.BronzeAsync("facility_timeseries", Daily);

        // It is the 15th: new are the 11th to the 14th, and from 1 March on the days before them are read again.
        Assert.Equal(
            ["/v4/data/facilities/NEM?metrics=energy&interval=1h&facility_code=AVLSF&facility_code=EMERASF"
                + "&date_start=2026-03-01T00:00:00&date_end=2026-03-15T00:00:00"],
            Fed.Asked.Skip(before));
        Assert.Equal(["AVLSF 552", "EMERASF 552"], await CountsAsync());
    }

    [Fact]
    public async Task Only_values_that_differ_are_kept_a_second_time_and_the_body_holds_the_rest()
    {
        await Fed.BronzeAsync("facility_timeseries", Daily);
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        // Since then one hour was corrected, another withdrawn, and one before the lookback corrected, which nobody notices.
        var (corrected, withdrawn, old) = (At(5, 2), At(5, 3), new DateTimeOffset(2026, 2, 25, 2, 0, 0, TimeSpan.Zero));
        Fed.Data.EnergyNow = (unit, start, value) =>
            unit.Code != "AVLSF1" ? value : start == corrected ? 7 : start == withdrawn ? null : start == old ? 8 : value;

        var load = await Fed.BronzeAsync("facility_timeseries", Daily);

        // Eleven is yesterday: a new day of two farms, and two revisions.
        Assert.Equal(50, load.RowsInserted);
        Assert.Equal(
            ["AVLSF1 2026-03-05T02 7", "AVLSF1 2026-03-05T03 null"],
            await Fed.Lake.RowsAsync(
                """
                SELECT unit_code, interval_ts, value FROM iceberg.bronze.raw_facility_timeseries
                WHERE ingested_at = (SELECT max(ingested_at) FROM iceberg.bronze.raw_facility_timeseries) AND interval_date < DATE '2026-03-11'
                ORDER BY 2
                """));
    }

    [Theory]
    [InlineData("facility_weather", "shortwave_radiation", "weather_timestamp")]
    [InlineData("facility_air_quality", "pm2_5", "air_timestamp")]
    public async Task Weather_and_air_are_read_again_too(string dataset, string variable, string stamp)
    {
        await Fed.BronzeAsync(dataset, Daily with { Window = new DayRange(new(2026, 3, 1), new(2026, 3, 10)) });
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        Fed.Data.WeatherNow = (name, at, value) => name == variable && at == At(5, 2) ? null : value;

        var load = await Fed.BronzeAsync(dataset, Daily);

        // Two farms: a day of 24 stamps after the one that closed the day before, and the hour that lost its value.
        Assert.Equal(50, load.RowsInserted);
        Assert.Equal(
            ["2026-03-05T02 null", "2026-03-05T02 null"],
            await Fed.Lake.RowsAsync(
                $"""
                SELECT {stamp}, {variable} FROM iceberg.bronze.raw_{dataset}
                WHERE ingested_at = (SELECT max(ingested_at) FROM iceberg.bronze.raw_{dataset}) AND {stamp} < TIMESTAMPTZ '2026-03-10 00:00:00+00'
                """));
    }

    [Fact]
    public async Task A_farm_whose_register_entry_changed_gets_a_new_row_and_no_other_farm()
    {
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        Fed.Alter = (request, answer) => request.Path == "/v4/facilities/"
            ? answer with { Body = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(answer.Body).Replace("Emerald", "Smaragd", StringComparison.Ordinal)) }
            : answer;

        var load = await Fed.BronzeAsync("facilities", Daily);

        Assert.Equal(1, load.RowsInserted);
        Assert.Equal(["2"], await Fed.Lake.RowsAsync("SELECT count(*) FROM iceberg.bronze.raw_facilities WHERE facility_code = 'EMERASF'"));
    }

    [Fact]
    public async Task A_second_run_on_the_same_day_asks_nothing_and_commits_nothing()
    {
        var first = await Fed.RunAsync(Daily);
        var asked = Fed.Asked.Count;
        Fed.Lake.Clock.Advance(TimeSpan.FromHours(3));

        var second = await Fed.RunAsync(Daily);

        Assert.NotEmpty(first);
        Assert.Equal(asked, Fed.Asked.Count);
        Assert.All(second, stage => Assert.Null(stage.SnapshotId));
    }

    [Fact]
    public async Task Refreshing_what_has_not_changed_asks_and_commits_nothing()
    {
        var again = Daily with { Window = new DayRange(new(2026, 3, 1), new(2026, 3, 10)), Facilities = ["AVLSF"], Refresh = true };
        var asked = Fed.Asked.Count;

        var load = await Fed.BronzeAsync("facility_timeseries", again);

        Assert.Equal(asked + 1, Fed.Asked.Count);
        Assert.Null(load.SnapshotId);
        Assert.Equal(["AVLSF 456"], await CountsAsync());
    }

    [Fact]
    public async Task Without_lookback_nothing_is_read_again()
    {
        await BackfillAsync("EMERASF", new(2026, 2, 20), new(2026, 3, 10));
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        var before = Fed.Asked.Count;

        await Fed.BronzeAsync("facility_timeseries", Daily with { LookbackDays = 0 });

        Assert.EndsWith("date_start=2026-03-11T00:00:00&date_end=2026-03-12T00:00:00", Assert.Single(Fed.Asked.Skip(before)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_farm_that_has_stopped_holds_nobody_back()
    {
        await BackfillAsync("EMERASF", new(2026, 2, 20), new(2026, 3, 10));
        Fed.Data.EnergyNow = (unit, _, value) => unit.Code.StartsWith("EMERA", StringComparison.Ordinal) ? null : value;
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        await Fed.BronzeAsync("facility_timeseries", Daily with { LookbackDays = 0 });
        var asked = Fed.Asked.Count;

        await Fed.BronzeAsync("facility_timeseries", Daily with { LookbackDays = 0 });

        Assert.Equal(asked, Fed.Asked.Count);
        Assert.Equal(["AVLSF 480", "EMERASF 456"], await CountsAsync());
    }

    [Fact]
    public async Task A_day_of_the_WEM_is_done_only_when_it_is_published_a_day_later()
    {
        await Fed.BronzeAsync("facilities", Daily with { Facilities = ["MERSOLAR"] });
        var wem = Daily with { Facilities = ["MERSOLAR"], LookbackDays = 0 };
        // On the 11th nothing of the 10th is published yet.
        Fed.Data.EnergyNow = (_, start, value) => start < new DateTimeOffset(2026, 3, 9, 16, 0, 0, TimeSpan.Zero) ? value : null;
        await Fed.BronzeAsync("facility_timeseries", wem with { Window = new DayRange(new(2026, 2, 20), new(2026, 3, 10)) });
        Assert.Equal(["AVLSF 456", "MERSOLAR 432"], await CountsAsync());

        // On the 12th the 10th is there, and the 11th is not.
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        Fed.Data.EnergyNow = (_, start, value) => start < new DateTimeOffset(2026, 3, 10, 16, 0, 0, TimeSpan.Zero) ? value : null;
        var before = Fed.Asked.Count;
        await Fed.BronzeAsync("facility_timeseries", wem);
        await Fed.BronzeAsync("facility_timeseries", wem);

        // Asked once for both days; the 11th is asked again tomorrow, not again today.
        Assert.EndsWith("date_start=2026-03-10T00:00:00&date_end=2026-03-12T00:00:00", Assert.Single(Fed.Asked.Skip(before)), StringComparison.Ordinal);
        Assert.Equal(["AVLSF 456", "MERSOLAR 456"], await CountsAsync());
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        await Fed.BronzeAsync("facility_timeseries", wem);
        Assert.EndsWith("date_start=2026-03-11T00:00:00&date_end=2026-03-13T00:00:00", Fed.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_told_and_new_rows_still_count_as_the_newest()
    {
        Fed.Data.EnergyNow = (_, start, value) => start == At(5, 2) ? 7 : value;
        var back = new ClockBehind(Fed.Lake.Clock, TimeSpan.FromDays(2));

        var load = await Fed.BronzeAsync(
            "facility_timeseries", Daily with { Window = new DayRange(new(2026, 3, 5), new(2026, 3, 5)), Facilities = ["AVLSF"], Refresh = true }, clock: back);

        Assert.Contains("Check the clock", Assert.Single(load.Notes), StringComparison.Ordinal);
        await Fed.Lake.SilverAsync("facility_master");
        await Fed.Lake.SilverAsync("hourly_energy");
        Assert.Equal(["7"], await Fed.Lake.RowsAsync(
            "SELECT energy_mwh FROM iceberg.silver.clean_hourly_energy WHERE date_hour = TIMESTAMPTZ '2026-03-05 02:00:00+00'"));
    }

    private static DateTimeOffset At(int dayOfMarch, int hour) => new(2026, 3, dayOfMarch, hour, 0, 0, TimeSpan.Zero);

    private Task<StageResult> BackfillAsync(string farm, DateOnly first, DateOnly last) => Fed.BronzeAsync(
        "facility_timeseries", new() { Mode = IngestMode.Backfill, Facilities = [farm], Window = new DayRange(first, last) });

    private Task<string[]> CountsAsync() => Fed.Lake.RowsAsync(
        "SELECT facility_code, count(*) FROM iceberg.bronze.raw_facility_timeseries GROUP BY 1 ORDER BY 1");

    /// <summary>A clock that lags behind another.</summary>
    private sealed class ClockBehind(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() - by;
    }
}
