using System.Text;
using System.Text.RegularExpressions;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Tests.Sources;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>Whatever goes wrong with a source or the clock: it is told, and the next runs make a lake that equals one that never saw it.</summary>
public sealed class FaultedSourceTests
{
    private static readonly string[] Loaded = ["facilities", "facility_timeseries", "facility_weather"];

    // 11 March, noon in the NEM.
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 2, 0, 0, TimeSpan.Zero);

    private static readonly IngestRequest Daily = new() { Mode = IngestMode.Incremental };

    private static readonly IngestRequest Backfill = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF", "MERSOLAR"],
        Window = new DayRange(new(2026, 3, 6), new(2026, 3, 10)),
    };

    private static readonly Lazy<Task<string[]>> Unharmed = new(() => HistoryAsync((_, load) => load()));

    [Fact]
    public async Task A_source_that_fails_for_hours() => Assert.Equal(
        await Unharmed.Value, await HistoryAsync(async (fed, load) =>
    {
        fed.Spoil = request => request.Path == "/v4/facilities/" ? null : StubAnswer.Of(503, """{"error":"maintenance"}""");
        for (var hour = 0; hour < 5; hour++)
        {
            var failure = await Assert.ThrowsAsync<SourceException>(load);
            Assert.Equal(SourceFault.Unavailable, failure.Fault);
            Assert.Contains("Try again later", failure.Message, StringComparison.Ordinal);
            fed.Lake.Clock.Advance(TimeSpan.FromHours(1));
        }

        fed.Spoil = null;
        await load();
    }));

    [Theory]
    [InlineData(429, "{\"error\":true,\"reason\":\"Minutely API request limit exceeded. Please try again in one minute.\"}", SourceFault.LimitReached)]
    [InlineData(500, "<html>Internal Server Error</html>", SourceFault.Unavailable)]
    // A body that is not there was lost on the way.
    [InlineData(200, "", SourceFault.Unavailable)]
    [InlineData(200, "[]", SourceFault.BadPayload)]
    public async Task An_answer_that_is_none(int status, string body, SourceFault fault) => Assert.Equal(
        await Unharmed.Value, await HistoryAsync(async (fed, load) =>
    {
        fed.Spoil = request => request.Path == "/v4/facilities/"
            ? null
            : StubAnswer.Of(status, body) with { RetryAfter = status == 429 ? "120" : null };

        Assert.Equal(fault, (await Assert.ThrowsAsync<SourceException>(load)).Fault);

        // The next day's run, and the day after: nobody repeats the one that failed.
        fed.Spoil = null;
    }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_ends_in_the_middle(bool hangsUp) => Assert.Equal(
        await Unharmed.Value, await HistoryAsync(async (fed, load) =>
    {
        fed.Alter = (request, answer) => request.Path == "/v4/facilities/" ? answer
            : hangsUp ? answer with { HangsUp = true } : answer with { Body = answer.Body[..(answer.Body.Length / 2)] };

        await Assert.ThrowsAsync<SourceException>(load);

        fed.Alter = null;
    }));

    [Fact]
    public async Task Values_of_another_type_are_null_until_they_are_read_again() => Assert.Equal(
        await Unharmed.Value, await HistoryAsync(async (fed, load) =>
    {
        fed.Alter = (request, answer) => request.Path == "/v4/data/facilities/NEM"
            ? StubAnswer.Ok(Texts(Encoding.UTF8.GetString(answer.Body)))
            : answer;

        await load();

        Assert.NotEqual(["0"], await fed.Lake.RowsAsync("SELECT count(*) FROM iceberg.bronze.raw_facility_timeseries WHERE value IS NULL"));
        Assert.Equal(["1"], await fed.Lake.RowsAsync("SELECT count(*) FROM iceberg.ops.schema_drift"));
        fed.Alter = null;
    }));

    [Theory]
    [InlineData(-30)]
    [InlineData(-3)]
    public async Task A_clock_that_is_set_back_for_one_run(int days) => Assert.Equal(
        await Unharmed.Value, await HistoryAsync((fed, _) => LoadAsync(fed, new ClockOff(fed.Lake.Clock, TimeSpan.FromDays(days)))));

    [Fact]
    public async Task A_clock_that_runs_ahead_for_one_run() => Assert.Equal(await Unharmed.Value, await HistoryAsync(async (fed, _) =>
    {
        // Energy of the days to come is "no data"; the archive of the weather refuses days that it cannot have.
        var failure = await Assert.ThrowsAsync<SourceException>(() => LoadAsync(fed, new ClockOff(fed.Lake.Clock, TimeSpan.FromDays(4))));
        Assert.Equal(SourceNames.WeatherArchive, failure.SourceName);
    }));

    [Fact]
    public async Task A_clock_that_was_ahead_is_told_and_later_values_still_count_as_newer()
    {
        await using var fed = await FedLake.StartAsync(Start);
        var ahead = new ClockOff(fed.Lake.Clock, TimeSpan.FromDays(400));
        await fed.BronzeAsync("facilities", Backfill);
        await fed.BronzeAsync("facility_timeseries", Backfill, clock: ahead);
        fed.Data.EnergyNow = (_, _, value) => value + 1;

        var load = await fed.BronzeAsync("facility_timeseries", Backfill with { Refresh = true });

        Assert.Contains("Check the clock", Assert.Single(load.Notes), StringComparison.Ordinal);
        // Five days of two farms.
        Assert.Equal(["240 true"], await fed.Lake.RowsAsync(
            """
            SELECT count(*), bool_and(abs(after.value - before.value - 1) < 1e-9)
            FROM iceberg.bronze.raw_facility_timeseries after
            JOIN iceberg.bronze.raw_facility_timeseries before USING (unit_code, interval_ts)
            WHERE after.ingested_at > before.ingested_at
            """));
    }

    [Fact]
    public async Task What_bronze_says_of_its_loads_outlives_compaction_and_expiry()
    {
        await using var fed = await FedLake.StartAsync(Start);
        await fed.LoadAsync(Backfill with { WithForecasts = true });
        await fed.LoadAsync(Daily);
        var asked = fed.Asked.Count;
        foreach (var contract in Datasets.Contracts.Where(contract => contract.Layer == "bronze"))
        {
            var table = await fed.Lake.Lake.Tables.FindAsync(contract, TestContext.Current.CancellationToken);
            await using var session = await fed.Lake.Lake.Engine.OpenSessionAsync(TestContext.Current.CancellationToken);
            await table!.RewriteDataFiles(new RewriteDataFilesOptions { RewriteAll = true }).RunAsync(session, TestContext.Current.CancellationToken);
            await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RetainLast(1).RunAsync(TestContext.Current.CancellationToken);
            Assert.Single(table.Metadata.Snapshots);
        }

        await fed.LoadAsync(Daily);

        Assert.Equal(asked, fed.Asked.Count);
    }

    /// <summary>A backfill, four daily loads of which something happens to the second, and what bronze then knows.</summary>
    private static async Task<string[]> HistoryAsync(Func<FedLake, Func<Task>, Task> second)
    {
        await using var fed = await FedLake.StartAsync(Start);
        await LoadAsync(fed, Backfill, fed.Lake.Clock);
        for (var day = 0; day < 4; day++)
        {
            var noon = Start.AddDays(day + 1);
            fed.Lake.Clock.SetUtcNow(noon);
            await (day == 1 ? second(fed, () => LoadAsync(fed, fed.Lake.Clock)) : LoadAsync(fed, fed.Lake.Clock));
        }

        return
        [
            .. await NewestAsync(fed, RawFacilityTimeseries.Series, "value"),
            .. await NewestAsync(fed, RawFacilityWeather.Series, "shortwave_radiation, temperature_2m, cloud_cover"),
        ];
    }

    private static Task LoadAsync(FedLake fed, TimeProvider clock) => LoadAsync(fed, Daily, clock);

    private static async Task LoadAsync(FedLake fed, IngestRequest request, TimeProvider clock)
    {
        foreach (var dataset in Loaded)
        {
            await fed.BronzeAsync(dataset, request, clock: clock);
        }
    }

    /// <summary>The newest known values of a table, which are all that silver reads, without when they came.</summary>
    private static Task<string[]> NewestAsync(FedLake fed, BronzeSeries series, string values)
    {
        var key = string.Join(", ", series.Key);
        // Minutes, since texts of instants end with the hour here.
        return fed.Lake.RowsAsync(
            $"""
            SELECT {key}, strftime({series.Stamp}, '%M'), {values}
            FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY ingested_at DESC, ingest_batch_id DESC) AS newness FROM {series.Contract.SqlName})
            WHERE newness = 1 ORDER BY {key}
            """);
    }

    /// <summary>An answer of the energy API with its values as texts.</summary>
    private static string Texts(string body) =>
        Regex.Replace(body, "(?<stamp>[+]10:00\",)(?<value>[0-9.]+)\\]", "${stamp}\"${value}\"]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    /// <summary>A clock that is off by some time.</summary>
    private sealed class ClockOff(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + by;
    }
}
