using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Tests.Sources;
using static PvLakehouse.Pipeline.Tests.Ingest.EarlierDays;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>A load that is interrupted goes on without asking anything twice, and stops at budgets that outlast it.</summary>
public sealed class InterruptedLoadTests : IAsyncLifetime
{
    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(Requested);
        await Fed.BronzeAsync("facilities", TenDays);
        // Two days a request: five requests of energy for ten days, and six of weather, which needs the stamp that closes the last hour.
        Fed.Configure = options => options with
        {
            OpenElectricity = options.OpenElectricity with { MaxDays = new(2, 2, 2) },
            OpenMeteo = options.OpenMeteo with { MaxDaysPerRequest = 2 },
        };
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Theory]
    [InlineData("facility_timeseries", 480, 5)]
    [InlineData("facility_weather", 482, 6)]
    [InlineData("facility_air_quality", 482, 6)]
    public async Task A_load_cancelled_at_every_request_in_turn_asks_each_only_once(string dataset, int rows, int requests)
    {
        var before = Fed.Answered.Count;
        for (var interruptions = 0; ; interruptions++)
        {
            using var stop = new CancellationTokenSource();
            var answered = Fed.Answered.Count;
            // One more answer, then the process ends while it waits for the next.
            Fed.Spoil = _ => Fed.Answered.Count > answered ? new(200, []) { Silence = stop.Cancel } : null;
            try
            {
                await Fed.BronzeAsync(dataset, TenDays, stop.Token);
                Assert.Equal(requests - 1, interruptions);
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.True(interruptions < requests, "The load makes no progress.");
            }
        }

        var asked = Fed.Answered.Skip(before).ToList();
        Assert.Equal(requests, asked.Count);
        Assert.Equal(requests, asked.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal([$"{rows} {rows}"], await Fed.Lake.RowsAsync(
            dataset == "facility_timeseries"
                ? "SELECT count(*), count(DISTINCT concat(unit_code, interval_ts)) FROM iceberg.bronze.raw_facility_timeseries"
                : $"SELECT count(*), count(DISTINCT concat(facility_code, date)) FROM iceberg.bronze.raw_{dataset}"));
    }

    [Fact]
    public async Task A_source_that_fails_half_way_loses_none_of_its_answers_and_no_data_is_an_answer()
    {
        // AVLSF and EMERASF had no data on the first four days: two requests answered 404.
        Fed.Data.EnergyNow = (_, start, value) => start < new DateTimeOffset(2026, 3, 4, 14, 0, 0, TimeSpan.Zero) ? null : value;
        var before = Fed.Answered.Count;
        Fed.Spoil = _ => Fed.Answered.Count >= before + 3 ? StubAnswer.Of(500, "{}") : null;
        await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", TenDays));
        Fed.Spoil = null;

        await Fed.BronzeAsync("facility_timeseries", TenDays);

        var asked = Fed.Answered.Skip(before).ToList();
        Assert.Equal((5, 5), (asked.Count, asked.Distinct(StringComparer.Ordinal).Count()));
        Assert.Equal(["288"], await Fed.Lake.RowsAsync("SELECT count(*) FROM iceberg.bronze.raw_facility_timeseries"));
    }

    [Fact]
    public async Task Bodies_of_a_finished_load_do_not_serve_a_later_refresh()
    {
        await Fed.BronzeAsync("facility_timeseries", TenDays);
        Fed.Data.EnergyNow = (_, _, value) => value + 1;
        var before = Fed.Answered.Count;

        var again = await Fed.BronzeAsync("facility_timeseries", TenDays with { Refresh = true });

        Assert.Equal(before + 5, Fed.Answered.Count);
        Assert.Equal(480, again.RowsInserted);
    }

    [Fact]
    public async Task What_was_not_settled_when_it_came_is_asked_again_on_another_day()
    {
        var recent = TenDays with { Window = new DayRange(new(2026, 3, 16), new(2026, 3, 19)) };
        var before = Fed.Answered.Count;
        Fed.Spoil = _ => Fed.Answered.Count >= before + 2 ? StubAnswer.Of(500, "{}") : null;
        Fed.Configure = options => options with { OpenElectricity = options.OpenElectricity with { MaxDays = new(1, 1, 1) } };
        await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", recent));
        Fed.Spoil = null;
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));

        await Fed.BronzeAsync("facility_timeseries", recent);

        // The 16th and 17th had come: at noon of the 20th the 16th and the 17th were over for more than two days. The other two are asked.
        var asked = Fed.Answered.Skip(before).ToList();
        Assert.Equal((4, 4), (asked.Count, asked.Distinct(StringComparer.Ordinal).Count()));

        // The same interruption at days that were not over for so long: yesterday is asked again.
        var yesterday = TenDays with { Window = new DayRange(new(2026, 3, 20), new(2026, 3, 21)) };
        before = Fed.Answered.Count;
        Fed.Spoil = _ => Fed.Answered.Count >= before + 1 ? StubAnswer.Of(500, "{}") : null;
        await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", yesterday));
        Fed.Spoil = null;
        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        await Fed.BronzeAsync("facility_timeseries", yesterday);
        Assert.Equal(before + 3, Fed.Answered.Count);
    }

    [Fact]
    public async Task A_load_stops_at_the_daily_budget_whatever_process_spent_it_and_goes_on_the_next_day()
    {
        var days = Fed.Configure;
        Fed.Configure = options => days(options) with
        {
            OpenElectricity = days(options).OpenElectricity with { CreditsPerDay = 3 },
        };
        var before = Fed.Answered.Count;

        var first = await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", TenDays));
        var sameDay = await Assert.ThrowsAsync<SourceException>(() => Fed.BronzeAsync("facility_timeseries", TenDays));

        Assert.Equal(SourceFault.LimitReached, first.Fault);
        Assert.Equal(
            "OpenElectricity: of 3 per day 3 are used and the next request costs 1; it opens again at 2026-03-21 00:00:00Z. Try again then.",
            sameDay.Message);
        Assert.Equal(before + 3, Fed.Answered.Count);

        Fed.Lake.Clock.Advance(TimeSpan.FromDays(1));
        await Fed.BronzeAsync("facility_timeseries", TenDays);

        Assert.Equal(before + 5, Fed.Answered.Count);
        Assert.Equal(["480"], await Fed.Lake.RowsAsync("SELECT count(*) FROM iceberg.bronze.raw_facility_timeseries"));
    }
}
