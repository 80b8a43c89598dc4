using System.Globalization;
using PvLakehouse.Sandbox.Replay;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.Replay;

/// <summary>The recorded files of nine farms come back through the server, value by value.</summary>
public sealed class RecordedReplayTests : IAsyncLifetime
{
    // The window of the recording, in network days; the clock stands after its end, at 2025-11-20 02:00 UTC.
    private const string Days = "&date_start=2025-10-01&date_end=2025-11-20";

    private static readonly Lazy<ReplayData> Recording = new(() => ReplayData.Load(Folder));

    private TestSandbox _sandbox = null!;

    private static string Folder => SharedMaterial.Path("data", "recorded");

    public async ValueTask InitializeAsync() => _sandbox = await TestSandbox.StartAsync(Recording.Value);

    public ValueTask DisposeAsync() => _sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Every_recorded_energy_value_comes_back_at_its_own_instant()
    {
        // Columns: 3 facility_code, 5 unit_code, 9 interval_start, 10 value, 12 ingest_timestamp. The last ingest of an hour counts.
        var recorded = (await RowsAsync("timeseries_*.csv"))
            .GroupBy(row => (Unit: row[5], Stamp: row[9]))
            .ToDictionary(group => group.Key, group => Number(group.OrderBy(row => row[12], StringComparer.Ordinal).Last()[10]));
        var codes = (await RowsAsync("timeseries_*.csv")).Select(row => row[3]).Distinct(StringComparer.Ordinal).ToArray();

        var body = await _sandbox.OkAsync(
            "v4/data/facilities/NEM?metrics=energy&interval=1h" + string.Concat(codes.Select(code => $"&facility_code={code}")) + Days);

        var served = body["data"]![0]!["results"]!.AsArray()
            .SelectMany(unit => unit!["data"]!.AsArray(), (unit, point) => (
                Key: (Unit: (string)unit!["columns"]!["unit_code"]!, Stamp: (string)point![0]!), Value: (double?)point[1]))
            .ToArray();
        Assert.Equal(9, codes.Length);
        Assert.True(recorded.Count > 9 * 1000);
        Assert.Equal(
            recorded.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)),
            served.Where(point => recorded.ContainsKey(point.Key)).OrderBy(point => point.Key));
        // What was not recorded inside a series is an explicit null.
        Assert.All(served.Where(point => !recorded.ContainsKey(point.Key)), point => Assert.Null(point.Value));
    }

    [Theory]
    [InlineData("weather_*.csv", "v1/archive")]
    [InlineData("air_quality_*.csv", "v1/air-quality")]
    public async Task Every_recorded_weather_value_comes_back_at_local_time_minus_ten_hours(string pattern, string path)
    {
        var header = (await System.IO.File.ReadAllLinesAsync(File(pattern), TestContext.Current.CancellationToken))[0].Split(',');
        // The variables stand between date and ingest_mode.
        var names = header[5..Array.IndexOf(header, "ingest_mode")];
        var rows = await RowsAsync(pattern);
        var compared = 0;
        foreach (var farm in rows.GroupBy(row => row[0], StringComparer.Ordinal))
        {
            var first = farm.First();
            var body = await _sandbox.OkAsync(
                $"{path}?latitude={first[2]}&longitude={first[3]}&hourly={string.Join(',', names)}&start_date=2025-09-30&end_date=2025-11-20");
            var times = body["hourly"]!["time"]!.AsArray().Select((time, i) => ((string)time!, i)).ToDictionary(StringComparer.Ordinal);
            foreach (var row in farm)
            {
                var utc = DateTime.ParseExact(row[4], "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture).AddHours(-10);
                var index = times[utc.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)];
                for (var i = 0; i < names.Length; i++)
                {
                    Assert.Equal(Number(row[5 + i]), (double?)body["hourly"]![names[i]]![index]);
                    compared++;
                }
            }

            // The recording starts at 14 h UTC of 30 September; before it there is nothing.
            Assert.Null(body["hourly"]![names[0]]![13]);
        }

        Assert.Equal(rows.Count * names.Length, compared);
    }

    [Fact]
    public async Task All_recorded_farms_are_listed_with_their_metadata()
    {
        var body = await _sandbox.OkAsync("v4/facilities/?fueltech_id=solar_utility&status_id=operating");
        var avonlie = body["data"]!.AsArray().Single(farm => (string?)farm!["code"] == "AVLSF")!;

        Assert.Equal(13, (int)body["total_records"]!);
        Assert.All(body["data"]!.AsArray(), farm => Assert.NotNull(farm!["location"]));
        Assert.Equal(
            ("2023-10-18T04:34:32Z", "2025-07-08T02:56:03Z", 254.1, 190.0),
            ((string?)avonlie["created_at"], (string?)avonlie["updated_at"],
                (double)avonlie["units"]![0]!["capacity_registered"]!, (double)avonlie["units"]![0]!["capacity_maximum"]!));
        Assert.StartsWith("<p>The Avonlie Solar Farm", (string?)avonlie["description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_starts_at_the_last_recorded_ingest_and_runs_on()
    {
        await using var server = await SandboxServer.StartAsync(new(Recording.Value), TestContext.Current.CancellationToken);

        // The last ingest of all files.
        var start = new DateTimeOffset(2025, 11, 19, 2, 0, 0, TimeSpan.Zero);
        Assert.InRange(server.Clock.GetUtcNow(), start, start.AddHours(1));
    }

    [Fact]
    public async Task Answers_say_that_they_are_replayed()
    {
        using var response = await _sandbox.Client.GetAsync("v4/facilities/", TestContext.Current.CancellationToken);

        Assert.Equal("replay", Assert.Single(response.Headers.GetValues("X-PvLake-Sandbox")));
    }

    private static string File(string pattern) => Directory.GetFiles(Folder, pattern).Single();

    /// <summary>The fields of a file without quoted fields, the header left out.</summary>
    private static async Task<List<string[]>> RowsAsync(string pattern) =>
        [.. (await System.IO.File.ReadAllLinesAsync(File(pattern), TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split(','))];

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
