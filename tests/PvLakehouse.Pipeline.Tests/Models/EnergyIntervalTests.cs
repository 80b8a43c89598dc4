using System.Globalization;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>Hours made of intervals of several lengths.</summary>
public sealed class EnergyIntervalTests : IAsyncLifetime
{
    private const string Hours = "SELECT date_hour, energy_mwh, intervals_count, expected_intervals, quality_issues FROM iceberg.silver.clean_hourly_energy ORDER BY 1";

    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.FacilityAsync("TWIN", 50, 40, units: 2);
        await _lake.FacilityAsync("MERSOLAR", 100, 100, region: "WEM", latitude: -31.5, longitude: 118.3);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_five_minute_stamp_of_the_NEM_closes_its_interval_and_one_of_the_WEM_opens_it()
    {
        // 0.5 to 6 MWh (6 to 72 MW): together 39; the hour from 02:00 is stamped 02:05 to 03:00 in the NEM, 02:00 to 02:55 in the WEM.
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 12, i => (i + 1) / 2.0));
        await _lake.IntervalsAsync("WEM", "MERSOLAR", "MERSOLAR1", "5m", Steps("2025-01-01T02:00", 12, i => (i + 1) / 2.0));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["2025-01-01T02 39 12 12 ", "2025-01-01T02 39 12 12 "], await _lake.RowsAsync(Hours));
    }

    [Fact]
    public async Task Half_hours_and_hours_are_labelled_by_their_start()
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "30m", ("2025-01-01T02:00", 10), ("2025-01-01T02:30", 12.5));
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "1h", ("2025-01-01T03:00", 30));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["2025-01-01T02 22.5 2 2 ", "2025-01-01T03 30 1 1 "], await _lake.RowsAsync(Hours));
    }

    [Theory]
    // 120 MW of modules are assumed at 100 MW AC, a tenth above is 132 MW: 11 MWh in five minutes.
    [InlineData(10.9, "")]
    [InlineData(11.1, "SPIKE")]
    public async Task One_interval_beyond_the_modules_is_a_spike_that_its_hour_hides(double peak, string issue)
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 12, i => i == 6 ? peak : 4));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal([issue], await _lake.RowsAsync("SELECT quality_issues FROM iceberg.silver.clean_hourly_energy"));
    }

    [Fact]
    public async Task An_hour_with_missing_intervals_is_partial()
    {
        // Eleven rows of 1 MWh, the last of which is null: ten of twelve are known.
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 11, i => i < 10 ? 1 : null));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["2025-01-01T02 10 10 12 PARTIAL_HOUR"], await _lake.RowsAsync(Hours));
    }

    [Fact]
    public async Task Energy_told_in_two_lengths_counts_once_and_the_most_complete_wins()
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "1h", ("2025-01-01T02:00", 24), ("2025-01-01T03:00", null));
        // Newer, but 02:00 lacks one interval; 03:00 is whole.
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 11, _ => 2));
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T03:05", 12, _ => 3));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["2025-01-01T02 24 1 1 ", "2025-01-01T03 36 12 12 "], await _lake.RowsAsync(Hours));
    }

    [Fact]
    public async Task Of_two_complete_tellings_the_newer_one_counts()
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 12, _ => 2));
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "1h", ("2025-01-01T02:00", 25));
        await _lake.SilverAsync("hourly_energy");
        Assert.Equal(["2025-01-01T02 25 1 1 "], await _lake.RowsAsync(Hours));

        // One interval is corrected afterwards, from 2 to 4: the twelve are the newer telling now.
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", ("2025-01-01T02:30", 4));
        var changed = await _lake.SilverAsync("hourly_energy");

        Assert.Equal((0, 1), (changed.RowsInserted, changed.RowsUpdated));
        Assert.Equal(["2025-01-01T02 26 12 12 "], await _lake.RowsAsync(Hours));
    }

    [Fact]
    public async Task Units_told_in_different_lengths_weigh_the_same()
    {
        await _lake.IntervalsAsync("NEM", "TWIN", "TWIN1", "5m", Steps("2025-01-01T02:05", 12, _ => 1));
        await _lake.IntervalsAsync("NEM", "TWIN", "TWIN2", "1h", ("2025-01-01T02:00", 8));
        await _lake.IntervalsAsync("NEM", "TWIN", "TWIN1", "5m", Steps("2025-01-01T03:05", 12, _ => 1));
        await _lake.IntervalsAsync("NEM", "TWIN", "TWIN2", "1h", ("2025-01-01T03:00", null));
        await _lake.IntervalsAsync("NEM", "TWIN", "TWIN1", "5m", Steps("2025-01-01T04:05", 12, _ => 1));

        await _lake.SilverAsync("hourly_energy");

        // Half of the farm is missing at 03:00 (sent as null) and at 04:00 (not sent at all): 12 of 24 intervals.
        Assert.Equal(
            ["2025-01-01T02 20 24 24 ", "2025-01-01T03 12 12 24 PARTIAL_HOUR", "2025-01-01T04 12 12 24 PARTIAL_HOUR"],
            await _lake.RowsAsync(Hours));
    }

    [Theory]
    // Sydney, 2025: at 16:00Z clocks go from 03:00 back to 02:00 (6 April there) and from 02:00 on to 03:00 (5 October there).
    [InlineData("2025-04-05T14:05", "2025-04-05T14 2025-04-06T01", "2025-04-05T15 2025-04-06T02", "2025-04-05T16 2025-04-06T02")]
    [InlineData("2025-10-04T14:05", "2025-10-04T14 2025-10-05T00", "2025-10-04T15 2025-10-05T01", "2025-10-04T16 2025-10-05T03")]
    public async Task Days_of_changing_clocks_have_whole_hours(string firstLabel, params string[] hours)
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps(firstLabel, 36, _ => 0));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(
            hours.Select(hour => $"{hour} 12 12"),
            await _lake.RowsAsync(
                "SELECT date_hour, local_date_hour, intervals_count, expected_intervals FROM iceberg.silver.clean_hourly_energy ORDER BY 1"));
    }

    [Fact]
    public async Task Full_equals_incremental_for_mixed_lengths()
    {
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "1h", ("2025-01-01T02:00", 24));
        await _lake.SilverAsync("hourly_energy");
        await _lake.IntervalsAsync("NEM", "NYNGAN", "NYNGAN1", "5m", Steps("2025-01-01T02:05", 24, _ => 2.5));
        await _lake.SilverAsync("hourly_energy");

        Assert.Null((await _lake.SilverAsync("hourly_energy", ModelMode.Full)).SnapshotId);
        Assert.Equal(["2025-01-01T02 30 12 12 ", "2025-01-01T03 30 12 12 "], await _lake.RowsAsync(Hours));
    }

    private static (string Label, double? Mwh)[] Steps(string first, int count, Func<int, double?> value)
    {
        var start = DateTime.ParseExact(first, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
                (start.AddMinutes(5 * i).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), value(i))),
        ];
    }
}
